import { refuseDrafts } from "./draft-tokens.ts";
import type { IterationLog } from "./engine-iterations.ts";

/** Logged iterations in the terms of a step-cost model. Shape (size) each. */
export interface LoggedSteps {
  readonly source: string;
  /** Data-parallel rank of the engine that ran them, and which of its starts; absent: the only one. */
  readonly engine?: string;
  readonly run?: number;
  readonly size: number;
  /** Steps that were logged, of which a long log keeps `size`. @default size */
  readonly read?: number;
  /** Sequences that decode, and the tokens that they attend to together. */
  readonly decoding: Int32Array;
  readonly context: Float64Array;
  /** Prompts in the step, their tokens in it, and the pairs of these and a token attended to. */
  readonly prefilling: Int32Array;
  readonly prefillTokens: Int32Array;
  readonly prefillPairs: Float64Array;
  /** 1 where a preempted request recomputes: its composition is not in the log. */
  readonly recomputes: Uint8Array;
  /** Tokens that these requests compute in the step beyond one each; absent: not known. */
  readonly recomputedTokens?: Int32Array;
  /** 1 where the step before is the row before. @default 1 everywhere but in the first row */
  readonly follows?: Uint8Array;
  readonly seconds: Float64Array;
  /** Whole seconds; NaN where the log says no time. */
  readonly printedAt: Float64Array;
  readonly refused: number;
  readonly otherLines: number;
  /** Whether a prefix cache hides from the log what prompts had cached and sequences share. */
  readonly hidesShared?: boolean;
  /** The same as the log alone says it, where the requests of the run say more. */
  readonly logged?: LoggedSteps;
}

/** What of the server's flags the log has to be read with. */
export interface LoggedServer {
  readonly num_gpu_blocks: number;
  readonly block_size: number;
  readonly max_num_batched_tokens: number;
  /** @default false */
  readonly enable_prefix_caching?: boolean;
}

/**
 * The load of each iteration, as far as the log tells. Context is the KV usage times the capacity,
 * less the half block that a sequence leaves empty on the average. Prompts of one step are taken to
 * be equally long; a step that uses up its budget leaves its last prompt unfinished, which goes on
 * in the next one with its past.
 *
 * Prompt tokens are those scheduled: what a prefix cache held is not among them. The pairs lack it as
 * well, and the context counts once what sequences share: the requests of the run say more
 * (`exactSteps`).
 *
 * @param server absent: nothing is known of context and of unfinished prompts, both count as 0
 * @throws InputError when draft tokens are among those generated
 */
export function loggedSteps(log: IterationLog, server?: LoggedServer): LoggedSteps {
  refuseDrafts(log);
  const { size, contextRequests, contextTokens, generationRequests, generationTokens } = log;
  const context = new Float64Array(size);
  const prefillPairs = new Float64Array(size);
  const recomputes = new Uint8Array(size);
  const recomputedTokens = generationTokens.map((tokens, i) =>
    Math.max(0, tokens - generationRequests[i])
  );
  const { num_gpu_blocks = NaN, block_size = NaN, max_num_batched_tokens = Infinity } = server ??
    {};
  const capacity = (num_gpu_blocks - 1) * block_size;
  let past = 0;
  for (let i = 0; i < size; i++) {
    if (log.follows?.[i] === 0) past = 0;
    const prompts = contextRequests[i], tokens = contextTokens[i];
    const sequences = generationRequests[i] + prompts;
    if (generationTokens[i] > generationRequests[i]) recomputes[i] = 1;
    const held = log.kvUsage[i] * capacity - sequences * (block_size - 1) / 2;
    if (!Number.isNaN(held)) {
      context[i] = generationRequests[i] === 0
        ? 0
        : Math.max(held - tokens - past, generationRequests[i]);
    }
    if (prompts === 0) {
      past = 0;
      continue;
    }
    const each = tokens / prompts;
    prefillPairs[i] = prompts * each * (each + 1) / 2 + each * past;
    const full = tokens + generationTokens[i] >= max_num_batched_tokens;
    past = !full ? 0 : prompts === 1 ? past + tokens : each;
  }
  return {
    source: log.source,
    engine: log.engine,
    run: log.run,
    size,
    read: log.read,
    decoding: generationRequests,
    context,
    prefilling: contextRequests,
    prefillTokens: contextTokens,
    prefillPairs,
    recomputes,
    recomputedTokens,
    follows: log.follows,
    seconds: log.seconds,
    printedAt: log.printedAt,
    refused: log.unreadable ?? log.refused.length,
    otherLines: log.otherLines,
    hidesShared: server?.enable_prefix_caching === true,
  };
}
