/** A label column: one small integer a row into a dictionary of names. */
export interface Labels {
  /** Shape (n); each value indexes `names`. */
  readonly codes: Uint8Array | Uint16Array | Int32Array;
  readonly names: readonly string[];
}

/** A stretch of arrivals whose clock starts on its own, for example the paper's stress phase. */
export interface Phase {
  readonly name: string;
  /** Row of its first request; phases are in row order and cover every row. */
  readonly first: number;
  /**
   * Seconds between the instant at which the queue has emptied of all earlier requests and the
   * start of this phase. The first phase starts at time 0.
   */
  readonly afterDrainSeconds: number;
}

/** Lists of different lengths, one a row: row i has `values[offsets[i]]` to `values[offsets[i + 1]]`. */
export interface Ragged {
  /** Shape (n + 1), from 0, non-decreasing; the last is the number of values. */
  readonly offsets: Int32Array;
  readonly values: Int32Array;
}

/**
 * Blocks that prompts consist of, in order: equal ids, equal content. Requests whose lists begin
 * with the same ids share that prefix, as far as its tokens agree. What a prompt holds beyond its
 * blocks is shared with nobody.
 */
export interface PromptBlocks extends Ragged {
  /** Tokens of every block but a prompt's last; absent where blocks differ in length. */
  readonly tokensPerBlock?: number;
  /**
   * Shape (values): tokens of each block, where blocks differ in length and the lengths are known, or
   * are assumed and the provenance says so; of a prompt together at most its tokens. 0: an empty text,
   * or one that the prompt is too short for. Never beside `tokensPerBlock`.
   */
  readonly tokens?: Int32Array;
  /**
   * Shape (n): id of the block that the answer of a request is in later prompts, as in a conversation;
   * -1: it is in none. With the later prompt it tells how long the answer is: it is for servers, and no
   * estimator reads it. @default -1 for all
   */
  readonly answers?: Int32Array;
  /** What part of the prompt each value is of (system prompt, passage, …), where the source says. */
  readonly parts?: Labels;
}

/**
 * What a gateway can know of n requests on arrival, by column. There is no output length here, and
 * nothing that leads to it: policies, estimators and calibrators are given this and nothing else.
 */
export interface Requests {
  readonly size: number;
  /** Shape (n), seconds since the start of the request's phase, non-decreasing within a phase. */
  readonly arrival: Float64Array;
  readonly phases: readonly [Phase, ...Phase[]];
  readonly tenant: Labels;
  /** Names are ordered from the most urgent tier to the least. */
  readonly tier: Labels;
  /** The job type that the client meant; a classifier may believe otherwise. */
  readonly category: Labels;
  /** Shape (n), tokens: the cap `max_tokens` sent with the request. */
  readonly maxTokens: Int32Array;
  /** Shape (n), tokens of the prompt by the model's own tokenizer, without special tokens. */
  readonly promptTokens: Int32Array;
  /** Shape (n), whitespace words of the prompt; absent in traces that hold lengths alone. */
  readonly promptWords?: Int32Array;
  /** Conversation of a request, named "" where it is of none; absent where the source has none. */
  readonly session?: Labels;
  /** Model that was asked. */
  readonly model?: Labels;
  /** What prompts share with each other. */
  readonly promptBlocks?: PromptBlocks;
  /**
   * Further columns of the source by its own names, kept for whoever asks and for writing the trace
   * again: what a client says in its request, never what leads to the answer's length.
   */
  readonly extra?: Readonly<Record<string, Labels | Int32Array | Float64Array>>;
  /** The text of a prompt; absent in traces that hold lengths alone. */
  readonly promptText?: (request: number) => string;
}

/** How long each answer really is. Engines alone read it. */
export interface Truth {
  /** Shape (n), tokens the model generates: at least 1, at most `maxTokens`. */
  readonly outputTokens: Int32Array;
  /** Shape (n), whitespace words of that text; absent where no text or ratio is known. */
  readonly outputWords?: Int32Array;
}

/** How a workload came to be: enough to make it again. */
export interface WorkloadProvenance {
  /** Name of the generator or the trace. */
  readonly source: string;
  readonly seed?: number;
  readonly parameters?: Readonly<Record<string, unknown>>;
  /** Steps applied after reading, in order, in words. */
  readonly steps?: readonly string[];
}

/** What arrives, and what (unseen by the scheduler) each request will turn out to be. */
export interface Workload {
  readonly name: string;
  readonly requests: Requests;
  readonly truth: Truth;
  readonly provenance: WorkloadProvenance;
}

/** Row after the last one of phase `phase`. */
export function phaseEnd(requests: Pick<Requests, "size" | "phases">, phase: number): number {
  return phase + 1 < requests.phases.length ? requests.phases[phase + 1].first : requests.size;
}
