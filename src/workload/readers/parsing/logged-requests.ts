import type { Labels, PromptBlocks } from "../../workload.ts";
import type { ReadContext, ReadTrace, UnservedStatus } from "../trace-format.ts";
import { assembleTrace, type RequestColumns } from "./assemble-trace.ts";
import { ArrivalOptions, assumedArrivals, refuseRate } from "./assumed-arrivals.ts";
import { Float64Builder, Int32Builder, LabelBuilder, RaggedBuilder } from "./builders.ts";
import { INT32_MAX } from "./columns.ts";
import {
  type InstantNames,
  type Instants,
  instantsOutOfOrder,
  instantsWithoutEnd,
} from "./instant-order.ts";
import { orderByNumber } from "./order-names.ts";
import type { RowProblem, RowVerdict } from "./row-verdict.ts";

/**
 * What a log says of one request: seconds on any one clock, tokens; absent or NaN where it does not
 * say. Files that mix rows that say something with rows that do not are fine.
 */
export interface LoggedRequest extends Instants {
  readonly promptTokens?: number;
  readonly outputTokens?: number;
  /** The cap `max_tokens` sent along. */
  readonly maxTokens?: number;
  /** Of the prompt, that the server had in its prefix cache. */
  readonly cachedTokens?: number;
  readonly tenant?: string;
  readonly tier?: string;
  readonly category?: string;
  readonly session?: string;
  readonly model?: string;
  /** Ids of the prompt's blocks; equal ids, equal content. */
  readonly blocks?: readonly number[];
  /** Tokens of each block, where they are not all of one length; all rows with blocks have them then. */
  readonly blockTokens?: readonly number[];
  /** Id of the block that the answer is in later prompts; absent: in none. */
  readonly answerBlock?: number;
  /** Text of the prompt; kept where all answered rows have it. */
  readonly promptText?: string;
  /** The answer came in one piece: when its first token was made is not known. See {@link cameWhole}. */
  readonly inOnePiece?: boolean;
  /** How it ended where it got no answer; absent: it was answered. */
  readonly status?: UnservedStatus;
  /** Further columns by the file's names: names as text, else numbers, Int32 where all are whole. */
  readonly extra?: Readonly<Record<string, string | number>>;
  /** Further durations by the file's names, seconds. */
  readonly durations?: Readonly<Record<string, number>>;
}

/** What a file calls the columns of {@link LoggedRequest}, for messages. */
export type LoggedNames =
  & InstantNames
  & Readonly<
    Partial<Record<"promptTokens" | "outputTokens" | "cachedTokens" | "maxTokens", string>>
  >;

/** How the rows of {@link LoggedRequests} become a trace. */
export interface LoggedOptions {
  /** Name of the workload, for people. */
  readonly name: string;
  readonly names?: LoggedNames;
  /** Times are counted from the first answered request; @default true */
  readonly sinceFirst?: boolean;
  /** Tokens of a block; needed where rows have `blocks` without tokens of their own. */
  readonly tokensPerBlock?: number;
}

const LABELS = ["tenant", "tier", "category", "session", "model"] as const;
const LABEL_NAMES = {
  tenant: "default",
  tier: "default",
  category: "default",
  session: "",
  model: "",
};
const INSTANTS = ["sent", "firstToken", "finish"] as const;

/** Why a request without an answer is set aside, by how it ended. */
export const NO_ANSWER: Readonly<Record<UnservedStatus, string>> = {
  failed: "failed requests",
  rejected: "rejected requests",
  cancelled: "cancelled requests",
};

/**
 * Gathers the requests of a log, row by row, and makes a trace of them: the way in for every format
 * whose rows are requests with measured times. A row is checked (lengths, instants in order), a request
 * without an answer is set aside and is among the trace's `unserved`, and a column that some rows have
 * is NaN, -1 or unnamed in the others. A file without arrivals gets assumed ones, see
 * {@link ArrivalOptions}; in a file with arrivals an answered row without one is refused.
 */
export class LoggedRequests {
  readonly #context: Pick<ReadContext, "log" | "lenient" | "options">;
  readonly #options: LoggedOptions;
  readonly #served = new Rows();
  readonly #unserved = new Rows();
  readonly #status = new LabelBuilder();
  /** Answers that came in one piece. */
  #whole = 0;

  /** The context's options may hold those of {@link ArrivalOptions}. */
  constructor(
    context: Pick<ReadContext, "log" | "lenient" | "options">,
    options: LoggedOptions,
  ) {
    this.#context = context;
    this.#options = options;
  }

  /** Answered requests so far. */
  get size(): number {
    return this.#served.size;
  }

  /** Takes one row; what is wrong with it, or why it is set aside, is the result. */
  take(request: LoggedRequest): RowVerdict {
    const { outputTokens = NaN } = request;
    const status = request.status ?? (outputTokens === 0 ? "failed" : undefined);
    if (status !== undefined) {
      const { names } = this.#options;
      const problem = badUnservedPrompt(request, names) ?? instantsWithoutEnd(request, names) ??
        this.#early(request) ?? badDuration(request);
      if (problem !== undefined) return problem;
      this.#unserved.push(request);
      this.#status.push(status);
      return { setAside: request.status ? NO_ANSWER[status] : "requests without an answer" };
    }
    const problem = this.problemOf(request);
    if (problem !== undefined) return problem;
    const whole = request.inOnePiece || cameWhole(request);
    if (whole) this.#whole++;
    this.#served.push(whole ? { ...request, firstToken: NaN } : request);
  }

  /** What is wrong with an answered request; it is not taken. */
  problemOf(request: LoggedRequest): RowProblem | undefined {
    const { names = {} } = this.#options;
    return badCount(request, names) ?? this.#timeOfSome(request) ??
      instantsOutOfOrder(request, names) ?? this.#early(request) ?? badDuration(request);
  }

  /** On a clock that begins with the run nobody arrives before that. */
  #early({ arrival = NaN }: LoggedRequest): RowProblem | undefined {
    const { sinceFirst = true, names } = this.#options;
    if (sinceFirst || !(arrival < 0)) return;
    const expected = "a number of seconds from 0";
    return { field: names?.arrival ?? "arrival", value: arrival, expected };
  }

  /** Either every answered request has an arrival, or none. */
  #timeOfSome({ arrival = NaN }: LoggedRequest): RowProblem | undefined {
    if (this.#served.size === 0 || Number.isNaN(arrival) !== this.#served.has("arrival")) return;
    return {
      field: this.#options.names?.arrival ?? "arrival",
      value: Number.isNaN(arrival) ? undefined : arrival,
      expected: this.#served.has("arrival")
        ? "a time, as the rows before have"
        : "no time, as the rows before have none",
    };
  }

  /** The trace; throws an InputError as `assembleTrace` does. */
  finish(): ReadTrace {
    const { name, sinceFirst = true, tokensPerBlock } = this.#options;
    const context = this.#context;
    const served = this.#served;
    const timed = served.has("arrival");
    const options = ArrivalOptions.parse(pickArrivalOptions(context.options));
    if (timed) refuseRate({ log: context.log, options });
    const columns = (rows: Rows): RequestColumns => ({
      arrival: timed
        ? rows.numbers("arrival")
        : rows === served
        ? assumedArrivals(rows.size, { log: context.log, options })
        : new Float64Array(rows.size).fill(NaN),
      promptTokens: rows.counts("promptTokens", 0),
      ...Object.fromEntries(
        LABELS.filter((label) => served.has(label)).map((label) => [label, rows.labels(label)]),
      ),
      ...served.has("maxTokens") && { maxTokens: rows.counts("maxTokens", -1) },
      ...rows.extra(),
    });
    if (this.#whole > 0) context.log.assumptions.push(wholeText(this.#whole));
    const promptBlocks = served.blocks(tokensPerBlock);
    const durations = served.durations();
    return assembleTrace(context, {
      name,
      served: {
        ...columns(served),
        outputTokens: served.counts("outputTokens", 0),
        ...promptBlocks && { promptBlocks },
        ...served.texts(),
      },
      ...(timed && INSTANTS.some((each) => served.has(each)) || served.has("cachedTokens") ||
        durations) && {
        measured: {
          ...timed && Object.fromEntries(
            INSTANTS.filter((each) => served.has(each)).map((each) => [each, served.numbers(each)]),
          ),
          ...served.has("cachedTokens") && { cachedTokens: served.counts("cachedTokens", -1) },
          ...durations && { durations },
        },
      },
      unserved: {
        ...columns(this.#unserved),
        status: this.#status.finish(),
        ...this.#unserved.has("finish") && { finish: this.#unserved.numbers("finish") },
      },
      sinceFirst: sinceFirst && timed,
    });
  }
}

/**
 * Whether the instants of an answer say that it was not streamed: its first token was there when it was
 * sent, or its several tokens were all there at once. Then nobody knows when the first one was made, and
 * it is no time of 0.
 */
function cameWhole(
  { arrival, sent = arrival, firstToken, finish, outputTokens = 0 }: LoggedRequest,
): boolean {
  return firstToken !== undefined &&
    (firstToken === sent || (outputTokens > 1 && firstToken === finish));
}

/** What is said of answers that {@link cameWhole}. */
export function wholeText(answers: number): string {
  return `the time of the first token is unknown of ${answers} answers that came in one piece, or with ` +
    "none of it later than they were sent: they were not streamed";
}

const isInt32 = (value: number) => (value | 0) === value;

function pickArrivalOptions(options: unknown): unknown {
  const { rate, seed } = (options ?? {}) as Partial<ArrivalOptions>;
  return { ...rate !== undefined && { rate }, ...seed !== undefined && { seed } };
}

/**
 * What is wrong with an answered request: a length that is missing or cannot be, instants out of order;
 * undefined where nothing is.
 */
export function loggedRequestProblem(
  request: LoggedRequest,
  names: LoggedNames = {},
): RowProblem | undefined {
  return badCount(request, names) ?? instantsOutOfOrder(request, names) ?? badDuration(request);
}

/** A duration that no number can hold. */
function badDuration({ durations }: LoggedRequest): RowProblem | undefined {
  if (durations === undefined) return;
  for (const field in durations) {
    const value = durations[field];
    if (Math.abs(value) === Infinity) {
      return { field, value, expected: "a finite number of seconds" };
    }
  }
}

/** A prompt's length that no column holds; of a request without an answer it may be missing. */
function badUnservedPrompt(
  { promptTokens: value = NaN }: LoggedRequest,
  names: LoggedNames = {},
): RowProblem | undefined {
  if (Number.isNaN(value) || (Number.isInteger(value) && value >= 0 && value <= INT32_MAX)) return;
  const expected = `tokens, a whole number from 0 to ${INT32_MAX}, or nothing`;
  return { field: names.promptTokens ?? "promptTokens", value, expected };
}

/** A length that cannot be; a missing one is one. */
function badCount(request: LoggedRequest, names: LoggedNames): RowProblem | undefined {
  const counts = [["promptTokens", 1, INT32_MAX], ["outputTokens", 1, INT32_MAX]] as const;
  for (const [field, least, most] of counts) {
    const value = request[field];
    if (value !== undefined && Number.isInteger(value) && value >= least && value <= most) continue;
    return {
      field: names[field] ?? field,
      value,
      expected: `tokens, a whole number from ${least} to ${most}`,
    };
  }
  const { maxTokens, outputTokens, cachedTokens, promptTokens } = request;
  if (maxTokens !== undefined && maxTokens < outputTokens!) {
    const expected = `at least the answer's ${outputTokens} tokens`;
    return { field: names.maxTokens ?? "maxTokens", value: maxTokens, expected };
  }
  if (cachedTokens !== undefined && !(cachedTokens >= 0 && cachedTokens <= promptTokens!)) {
    const expected = `at most ${names.promptTokens ?? "the prompt's tokens"} (${promptTokens})`;
    return { field: names.cachedTokens ?? "cachedTokens", value: cachedTokens, expected };
  }
}

type NumberField = "arrival" | (typeof INSTANTS)[number];
type CountField = "promptTokens" | "outputTokens" | "maxTokens" | "cachedTokens";
type LabelField = (typeof LABELS)[number];

/** Columns that begin with the first row that has a value. */
class Rows {
  size = 0;
  readonly #numbers = new Map<string, Float64Builder>();
  readonly #labels = new Map<string, LabelBuilder>();
  readonly #extraNames = new Set<string>();
  readonly #durationNames = new Set<string>();
  #blocks: RaggedBuilder | undefined;
  readonly #blockTokens = new Int32Builder();
  readonly #answers = new Int32Builder();
  readonly #texts: string[] = [];

  push(request: LoggedRequest): void {
    for (const field of NUMBERS) this.#number(field, request[field]);
    for (const field of LABELS) this.#label(field, request[field], LABEL_NAMES[field]);
    if (request.extra !== undefined || this.#extraNames.size > 0) this.#extra(request.extra ?? {});
    if (request.durations !== undefined) {
      for (const [name, value] of Object.entries(request.durations)) {
        this.#durationNames.add(name);
        this.#number(`duration ${name}`, value);
      }
    }
    if (request.blocks !== undefined && this.#blocks === undefined) {
      this.#blocks = new RaggedBuilder();
      for (let row = 0; row < this.size; row++) this.#blocks.push([]);
    }
    this.#blocks?.push(request.blocks ?? []);
    for (const tokens of request.blockTokens ?? []) this.#blockTokens.push(tokens);
    this.#answers.push(request.answerBlock ?? -1);
    if (request.promptText !== undefined) this.#texts.push(request.promptText);
    this.size++;
  }

  #number(field: string, value: number | undefined): void {
    let column = this.#numbers.get(field);
    if (column === undefined) {
      if (value === undefined || Number.isNaN(value)) return;
      this.#numbers.set(field, column = new Float64Builder());
    }
    while (column.length < this.size) column.push(NaN);
    column.push(value ?? NaN);
  }

  #label(field: string, name: string | undefined, none: string): void {
    let column = this.#labels.get(field);
    if (column === undefined) {
      if (name === undefined) return;
      this.#labels.set(field, column = new LabelBuilder());
    }
    while (column.length < this.size) column.push(none);
    column.push(name ?? none);
  }

  #extra(extra: Readonly<Record<string, string | number>>): void {
    for (const name of Object.keys(extra)) this.#extraNames.add(name);
    for (const name of this.#extraNames) {
      const value = extra[name];
      const field = `extra ${name}`;
      if (typeof value === "string" || this.#labels.has(field)) {
        this.#label(field, value === undefined ? undefined : String(value), "");
      } else this.#number(field, value);
    }
  }

  has(field: NumberField | CountField | LabelField): boolean {
    return this.#numbers.has(field) || this.#labels.has(field);
  }

  numbers(field: string): Float64Array {
    const column = this.#numbers.get(field) ?? new Float64Builder();
    while (column.length < this.size) column.push(NaN);
    return column.finish();
  }

  counts(field: CountField, none: number): Int32Array {
    return Int32Array.from(this.numbers(field), (value) => Number.isNaN(value) ? none : value);
  }

  labels(field: LabelField): Labels {
    const labels = this.#labelsOf(field, LABEL_NAMES[field]);
    return field === "tier" ? orderByNumber(labels) : labels;
  }

  #labelsOf(field: string, none: string): Labels {
    const column = this.#labels.get(field) ?? new LabelBuilder();
    while (column.length < this.size) column.push(none);
    return column.finish();
  }

  extra(): Pick<RequestColumns, "extra"> {
    if (this.#extraNames.size === 0) return {};
    return {
      extra: Object.fromEntries([...this.#extraNames].map((name) => {
        const field = `extra ${name}`;
        if (this.#labels.has(field)) return [name, this.#labelsOf(field, "")];
        const values = this.numbers(field);
        return [name, values.every(isInt32) ? Int32Array.from(values) : values];
      })),
    };
  }

  durations(): Readonly<Record<string, Float64Array>> | undefined {
    if (this.#durationNames.size === 0) return undefined;
    const names = [...this.#durationNames];
    return Object.fromEntries(names.map((name) => [name, this.numbers(`duration ${name}`)]));
  }

  texts(): { promptText?: readonly string[] } {
    return this.size > 0 && this.#texts.length === this.size ? { promptText: this.#texts } : {};
  }

  blocks(tokensPerBlock: number | undefined): PromptBlocks | undefined {
    const lists = this.#blocks?.finish();
    if (lists === undefined) return undefined;
    const answers = this.#answers.finish();
    return {
      ...lists,
      ...tokensPerBlock ? { tokensPerBlock } : { tokens: this.#blockTokens.finish() },
      ...answers.some((block) => block >= 0) && { answers },
    };
  }
}

const NUMBERS = [
  ...["arrival", ...INSTANTS, "promptTokens", "outputTokens", "maxTokens", "cachedTokens"] as const,
] as const;
