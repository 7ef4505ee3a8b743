import { IndexedHeap } from "../../../collections/indexed-heap.ts";
import { InputError } from "../../../errors/input-error.ts";
import { type Random, substream, uniformInt } from "../../../random/substream.ts";
import { Int32Builder, LabelBuilder, RaggedBuilder } from "../../readers/parsing/builders.ts";
import type { Labels, PromptBlocks } from "../../workload.ts";
import { gapLaw } from "../arrivals/gap-law.ts";
import { streamName, type WorkloadSpec } from "../workload-spec.ts";
import type { DocumentCount, PromptSpec, TextScope, TurnsSpec } from "./prompt-spec.ts";
import { type SharedText, TextPool } from "./text-pool.ts";

type Part = "system" | "document" | "turn" | "answer";
interface Piece extends SharedText {
  readonly part: Part;
}

interface Conversation {
  readonly stream: number;
  readonly index: number;
  readonly name: string;
  readonly turns: number;
  /** Turns that were made. */
  made: number;
  /** The prompt so far, and the answer to it where there is one. */
  pieces: readonly Piece[];
  /** Row of the last turn, and its answer's tokens. */
  row: number;
  output: number;
}

/** The beginning of a prompt, before the text of its own. */
export interface PromptStart {
  readonly stream: number;
  readonly index: number;
  readonly pieces: readonly Piece[];
  /** Tokens of the pieces. */
  readonly tokens: number;
  /** Absent where the request is of no conversation. */
  readonly conversation?: Conversation;
}

/** A request with the prompt that was begun. */
export interface PromptEnd {
  readonly row: number;
  readonly now: number;
  /** Tokens of the whole prompt and of the answer. */
  readonly prompt: number;
  readonly output: number;
}

interface ClassPrompts {
  readonly spec: PromptSpec;
  readonly system?: TextPool;
  readonly documents?: TextPool;
  readonly think: (random: Random) => number;
}

/**
 * Puts prompts together of shared texts and conversations, and tells when later turns arrive. Texts,
 * documents, numbers of turns and times to think are drawn from substreams of each stream of their own.
 */
export class PromptMaker {
  /** By stream and class; undefined where prompts share nothing. */
  readonly #classes: readonly (readonly (ClassPrompts | undefined)[])[];
  readonly #draws: readonly Record<"system" | "documents" | "turns" | "think", Random>[];
  readonly #streamNames: readonly string[];
  readonly #blocks = new RaggedBuilder();
  readonly #tokens = new Int32Builder();
  readonly #parts = new LabelBuilder();
  readonly #sessions = new LabelBuilder();
  /** Id under which a later turn has the answer of a row. */
  readonly #answers = new Map<number, number>();
  /** Conversations that go on, by the row of their last turn, first turn due first. */
  readonly #due = new IndexedHeap();
  readonly #waiting = new Map<number, Conversation>();
  #rows = 0;
  #texts = 0;
  #conversations = 0;
  #endedByContext = 0;

  /** The maker of a spec; undefined where none of its classes has prompts that share anything. */
  static of(spec: WorkloadSpec): PromptMaker | undefined {
    const any = spec.streams.some(({ classes }) => classes.some(({ prompts }) => prompts));
    return any ? new PromptMaker(spec) : undefined;
  }

  private constructor(spec: WorkloadSpec) {
    const { seed, streams } = spec;
    this.#streamNames = streams.map(streamName);
    this.#classes = poolsOf(spec, () => this.#texts++);
    this.#draws = this.#streamNames.map((name) => {
      const draw = (what: string) => substream(seed, `generate-workload/${name}/prompts/${what}`);
      return {
        system: draw("system"),
        documents: draw("documents"),
        turns: draw("turns"),
        think: draw("think"),
      };
    });
  }

  /** When the next turn of a conversation arrives; Infinity: none goes on. */
  get nextTurn(): number {
    return this.#due.size > 0 ? this.#due.headKey : Infinity;
  }

  /** Begins the prompt of the turn that arrives next. */
  beginTurn(): PromptStart {
    const row = this.#due.pop();
    const conversation = this.#waiting.get(row)!;
    this.#waiting.delete(row);
    const { stream, index, pieces, output } = conversation;
    let answer = this.#answers.get(row);
    if (answer === undefined) this.#answers.set(row, answer = this.#texts++);
    return this.#start({
      ...{ stream, index, conversation },
      pieces: [
        ...pieces,
        { id: answer, tokens: output, part: "answer" },
        ...this.#documents(stream, index),
      ],
    });
  }

  /** Begins the prompt of a new request of a class. */
  begin(stream: number, index: number): PromptStart {
    const own = this.#classes[stream][index];
    if (own === undefined) return { stream, index, pieces: [], tokens: 0 };
    const { system, spec: { conversation } } = own;
    const draws = this.#draws[stream];
    return this.#start({
      ...{ stream, index },
      pieces: [
        ...(system?.draw(draws.system, 1) ?? []).map((text): Piece => ({
          ...text,
          part: "system",
        })),
        ...this.#documents(stream, index),
      ],
      ...conversation && {
        conversation: {
          ...{ stream, index, pieces: [], made: 0, row: -1, output: 0 },
          name: `${this.#streamNames[stream]}/${this.#conversations++}`,
          turns: turnsOf(conversation.turns, draws.turns),
        },
      },
    });
  }

  #start(start: Omit<PromptStart, "tokens">): PromptStart {
    return { ...start, tokens: start.pieces.reduce((sum, { tokens }) => sum + tokens, 0) };
  }

  #documents(stream: number, index: number): Piece[] {
    const { spec: { documents }, documents: pool } = this.#classes[stream][index]!;
    if (documents === undefined) return [];
    const random = this.#draws[stream].documents;
    const count = countOf(documents.perPrompt, random);
    return pool!.draw(random, count).map((text) => ({ ...text, part: "document" }));
  }

  /** A later turn that does not fit the context is not sent: its conversation is over. */
  abandon({ conversation }: PromptStart): void {
    this.#endedByContext++;
    // Nobody has the answer before it.
    this.#answers.delete(conversation!.row);
  }

  /** Ends a prompt with a text of its own, cut to `prompt` tokens; rows come in order. */
  end(
    { stream, index, pieces, conversation }: PromptStart,
    { row, now, prompt, output }: PromptEnd,
  ) {
    this.#rows++;
    let left = prompt;
    const sent: Piece[] = [];
    for (const piece of pieces) {
      if (left === 0) break;
      const tokens = Math.min(left, piece.tokens);
      sent.push({ ...piece, tokens });
      left -= tokens;
    }
    // The text of its own needs a name only where a later turn has it too.
    if (conversation !== undefined && left > 0) {
      sent.push({ id: this.#texts++, tokens: left, part: "turn" });
    }
    this.#blocks.push(sent.map(({ id }) => id));
    for (const { tokens, part } of sent) {
      this.#tokens.push(tokens);
      this.#parts.push(part);
    }
    this.#sessions.push(conversation?.name ?? "");
    if (conversation === undefined || ++conversation.made === conversation.turns) return;
    Object.assign(conversation, { pieces: sent, row, output });
    const { spec, think } = this.#classes[stream][index]!;
    const { thinkSeconds, answerSeconds: { first, perToken } } = spec.conversation!;
    const thinks = thinkSeconds.mean * think(this.#draws[stream].think);
    this.#due.push(row, now + first + perToken * output + thinks);
    this.#waiting.set(row, conversation);
  }

  /** The columns of all rows. */
  finish(): { promptBlocks: PromptBlocks; session?: Labels } {
    const { offsets, values } = this.#blocks.finish();
    const answers = new Int32Array(this.#rows).fill(-1);
    // Of a turn that is still due nobody has the answer.
    for (const [row, id] of this.#answers) answers[row] = id;
    const talks = this.#conversations > 0;
    return {
      promptBlocks: {
        offsets,
        values,
        tokens: this.#tokens.finish(),
        parts: this.#parts.finish(),
        ...talks && { answers },
      },
      ...talks && { session: this.#sessions.finish() },
    };
  }

  /** What became of conversations, in words for the provenance. */
  steps(): string[] {
    if (this.#conversations === 0) return [];
    const told = (count: number, what: string) =>
      count > 0 ? [`${count} conversations ${what}`] : [];
    return [
      `${this.#conversations} conversations; later turns arrive in an open loop, after the time that ` +
      "the answer before is expected to take and a time to think, whatever the server does",
      ...told(this.#endedByContext, "end early, as their next turn would not fit the context"),
      ...told(this.#due.size, "go on after the last request"),
    ];
  }
}

function countOf(count: DocumentCount, random: Random): number {
  return typeof count === "number"
    ? count
    : count.min + uniformInt(random, count.max - count.min + 1);
}

function turnsOf(spec: TurnsSpec, random: Random): number {
  if (spec.law === "constant") return spec.turns;
  let turns = 1;
  while (turns < spec.most && random.next() < 1 - 1 / spec.mean) turns++;
  return turns;
}

function poolsOf(
  { seed, streams }: WorkloadSpec,
  newId: () => number,
): (ClassPrompts | undefined)[][] {
  const pools = new Map<string, { pool: TextPool; law: string; field: string }>();
  return streams.map((stream, i) =>
    stream.classes.map(({ prompts: spec, tenant }, j): ClassPrompts | undefined => {
      if (spec === undefined) return undefined;
      const scopes: Record<TextScope, string> = {
        class: `class/${streamName(stream, i)}/${j}`,
        tenant: `tenant/${tenant}`,
        everybody: "everybody",
      };
      const pool = (kind: "system" | "documents"): TextPool | undefined => {
        const texts = spec[kind];
        if (texts === undefined) return undefined;
        const name = `${kind}/${scopes[texts.sharedBy]}`;
        const { tokens, exponent } = texts;
        const law = JSON.stringify([texts.texts, tokens, exponent]);
        const field = `streams.${i}.classes.${j}.prompts.${kind}`;
        const known = pools.get(name) ?? {
          pool: new TextPool({ texts: texts.texts, tokens, exponent, seed, name, newId }),
          law,
          field,
        };
        pools.set(name, known);
        if (known.law === law) return known.pool;
        throw new InputError({
          file: "workload spec",
          field,
          value: { texts: texts.texts, exponent, tokens },
          expected: `the texts of ${known.field}, with which they are shared (${texts.sharedBy})`,
        });
      };
      const { conversation } = spec;
      return {
        spec,
        system: pool("system"),
        documents: pool("documents"),
        think: conversation
          ? gapLaw(conversation.thinkSeconds.family, conversation.thinkSeconds.cv)
          : () => 0,
      };
    })
  );
}
