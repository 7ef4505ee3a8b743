import * as z from "zod";
import { substream } from "../../../random/substream.ts";
import { timeGrain } from "../../statistics/time-grain.ts";
import { gather, gatherLists } from "../../transforms/gather.ts";
import { SpreadOptions } from "../../transforms/spread-times.ts";
import type { Labels } from "../../workload.ts";
import { assembleTrace } from "../parsing/assemble-trace.ts";
import { ArrivalOptions } from "../parsing/assumed-arrivals.ts";
import { fittingBlocks, idsBeyondPrompt } from "../parsing/block-length.ts";
import { Float64Builder, Int32Builder, LabelBuilder, RaggedBuilder } from "../parsing/builders.ts";
import { idsColumn, INT32_MAX, labelColumn, tokensColumn } from "../parsing/columns.ts";
import { hasKeys, type Head } from "../parsing/head.ts";
import { jsonLinesReader } from "../parsing/json-lines-reader.ts";
import { batchMilliseconds, spreadBatches } from "../parsing/spread-batches.ts";
import { PER_SECOND, type TimeUnit } from "../parsing/unit-of-times.ts";
import type { ReadLog } from "../read-log.ts";
import type { ReadContext, ReadTrace, TraceReader } from "../trace-format.ts";
import { type FixedUnit, rawArrivals, takenUnit } from "./timed-lengths-times.ts";

/** Tokens of a block that a hash id stands for. Source: Mooncake's description of its traces. */
export const MOONCAKE_BLOCK_TOKENS = 512;

/** Tokens that vLLM makes of a hash id unless `--timed-trace-chunk-hash-size` says otherwise. */
export const TIMED_TRACE_BLOCK_TOKENS = 16;

/** A line of such a trace: what Mooncake's, vLLM's and AIPerf's have in common. */
export const TimedLengthsRow = z.object({
  timestamp: z.number().min(0).max(1e19).nullish().meta({ description: "arrival" }),
  delay: z.number().min(0).max(1e15).nullish()
    .meta({ description: "from the end of the turn before, in the unit of timestamp" }),
  input_length: tokensColumn("length of the prompt"),
  output_length: tokensColumn("length of the answer"),
  hash_ids: idsColumn("one a block of tokens; equal ids, equal content").nullish(),
  session_id: z.union([labelColumn("conversation"), z.int()]).nullish()
    .meta({ description: "conversation" }),
});

/** What such a trace does not say of itself. */
export const TimedLengthsOptions = z.strictObject({
  /** Unit of times; absent: the format's where it is named, else what the column tells. */
  unit: z.enum(Object.keys(PER_SECOND) as [TimeUnit, ...TimeUnit[]]).optional(),
  /** Tokens of a block; absent: the power of two by which the ids just cover the prompts. */
  blockTokens: z.int().min(1).max(INT32_MAX).optional(),
  /** See {@link SpreadOptions}; absent: `even` for batches in a trace in milliseconds, as Mooncake's. */
  spread: SpreadOptions.shape.spread.unwrap().optional(),
  /** Arrivals where no row has a time, see {@link ArrivalOptions}. */
  ...ArrivalOptions.shape,
});
export type TimedLengthsOptions = z.output<typeof TimedLengthsOptions>;

/** Whether a file begins with a row of such a trace. */
export function isTimedLengths(head: Head): boolean {
  if (!hasKeys(head, ["input_length", "output_length"]) || hasKeys(head, ["chat_id"])) return false;
  const { hash_ids, timestamp } = head.json as Record<string, unknown>;
  return (hash_ids === undefined || hash_ids === null || Array.isArray(hash_ids)) &&
    typeof timestamp !== "string";
}

/**
 * Reads JSON lines (or an array) of lengths over time: `timestamp`, `input_length`, `output_length`,
 * `hash_ids`, and `session_id` and `delay` as AIPerf has them. The unit of times is told from the whole
 * file, see `unitOfTimes`, and the report says why; where it cannot be told the file is refused. A trace
 * in seconds is `vllm-timed-trace`, any other `mooncake`.
 *
 * @param unit of the times where the user names the format
 */
export function timedLengthsReader(
  context: ReadContext<TimedLengthsOptions>,
  unit: TimeUnit,
): TraceReader {
  const { log, named, options } = context;
  const rows = new Rows();
  const fixed = options.unit !== undefined
    ? { unit: options.unit, because: "as the option unit says" }
    : named
    ? { unit, because: `as the format ${log.format} has them` }
    : undefined;
  return jsonLinesReader({
    log,
    schema: TimedLengthsRow,
    take(row, place) {
      rows.push(row, place);
      return "counted";
    },
    end: () => readRows(rows, context, fixed),
  });
}

function readRows(
  gathered: Rows,
  context: ReadContext<TimedLengthsOptions>,
  fixed: FixedUnit | undefined,
): ReadTrace {
  const { log, options } = context;
  const all = gathered.finish();
  const { promptTokens, blocks: { offsets, values } } = all;
  const fitting = fittingBlocks(promptTokens, offsets);
  const taken = takenUnit(all, {
    file: log.source,
    fitting: options.blockTokens === undefined ? fitting : [options.blockTokens],
    fixed,
  });
  const { arrival, problems } = rawArrivals(all, {
    ...taken,
    log,
    options: { rate: options.rate, seed: options.seed },
  });
  const blockTokens = options.blockTokens ?? blockOf(fitting, taken.unit);
  const kept: number[] = [];
  for (let row = 0; row < all.place.length; row++) {
    const ids = offsets[row + 1] - offsets[row];
    const problem = problems.get(row) ??
      idsBeyondPrompt(ids, { promptTokens: promptTokens[row], blockTokens, field: "hash_ids" });
    log.verdict(all.place[row], problem);
    if (problem === undefined) kept.push(row);
  }
  const rows = Int32Array.from(kept);
  const lists = gatherLists(offsets, rows);
  const prompts = gather(promptTokens, rows);
  const arrivals = spread(gather(arrival, rows), { unit: taken.unit, log, options });
  if (values.length > 0) {
    sayBlocks({ lists: lists.offsets, prompts, fitting, blockTokens }, context);
  }
  if (taken.said !== "") log.assumptions.push(taken.said);
  log.format = taken.unit === "s" ? "vllm-timed-trace" : "mooncake";
  return assembleTrace(context, {
    name: taken.unit === "s" ? "vLLM timed trace" : "Mooncake",
    served: {
      arrival: arrivals,
      promptTokens: prompts,
      outputTokens: gather(all.outputTokens, rows),
      ...all.session.some((name) => name !== undefined) && {
        session: labelsOf(kept, (row) => all.session[row] ?? ""),
      },
      ...values.length > 0 && {
        promptBlocks: {
          offsets: lists.offsets,
          values: gather(values, lists.places),
          tokensPerBlock: blockTokens,
        },
      },
    },
  });
}

/** The length of a block that the ids tell, or else the usual one. */
function blockOf(fitting: readonly number[], unit: TimeUnit): number {
  const usual = unit === "s" ? TIMED_TRACE_BLOCK_TOKENS : MOONCAKE_BLOCK_TOKENS;
  return fitting.length === 0 || fitting.includes(usual) ? usual : fitting[0];
}

function sayBlocks(
  { lists, prompts, fitting, blockTokens }: {
    lists: Int32Array;
    prompts: Int32Array;
    fitting: readonly number[];
    blockTokens: number;
  },
  { log, options }: ReadContext<TimedLengthsOptions>,
): void {
  const short = prompts.reduce(
    (count, tokens, row) => count + Number((lists[row + 1] - lists[row]) * blockTokens < tokens),
    0,
  );
  if (options.blockTokens === undefined) {
    log.assumptions.push(
      fitting.includes(blockTokens)
        ? `blocks of ${blockTokens} tokens: with this length the hash ids just cover ${
          short > 0 ? "most prompts" : "every prompt"
        }`
        : `blocks of ${blockTokens} tokens, the usual ones: no length fits most prompts`,
    );
  }
  if (short > 0) {
    log.assumptions.push(
      `hash ids of ${short} requests end before their prompt does: the rest is shared with nobody`,
    );
  }
}

/** Seconds of arrivals in the unit of the file, those of one time spread where that is asked for. */
function spread(
  arrival: Float64Array,
  { unit, log, options: { spread: asked, seed } }: {
    unit: TimeUnit;
    log: ReadLog;
    options: TimedLengthsOptions;
  },
): Float64Array {
  const perSecond = PER_SECOND[unit];
  const seconds = (times: Float64Array) => times.map((time) => time / perSecond);
  const grain = asked === "none"
    ? 0
    : asked !== undefined
    ? timeGrain(seconds(arrival))
    : unit === "s"
    ? 0
    : batchMilliseconds(arrival.map((time) => time * (1000 / perSecond))) / 1000;
  if (grain === 0) {
    if (asked !== undefined && asked !== "none") {
      log.assumptions.push(`spread ${asked} moves nothing: times are finer than a second`);
    }
    return seconds(arrival);
  }
  const random = asked === "uniform" ? substream(seed, "spread-times") : undefined;
  log.assumptions.push(
    `requests of the same time are spread ${
      random ? `at random, seed ${seed},` : "evenly"
    } over the ` +
      `${grain} s of a batch`,
  );
  return seconds(spreadBatches(arrival, grain * perSecond, random));
}

function labelsOf(rows: readonly number[], name: (row: number) => string): Labels {
  const labels = new LabelBuilder();
  for (const row of rows) labels.push(name(row));
  return labels.finish();
}

/** The rows of a file, by column. */
class Rows {
  readonly #place = new Int32Builder();
  readonly #timestamp = new Float64Builder();
  readonly #delay = new Float64Builder();
  readonly #promptTokens = new Int32Builder();
  readonly #outputTokens = new Int32Builder();
  readonly #blocks = new RaggedBuilder();
  readonly #session: (string | undefined)[] = [];

  push(row: z.output<typeof TimedLengthsRow>, place: number): void {
    this.#place.push(place);
    this.#timestamp.push(row.timestamp ?? NaN);
    this.#delay.push(row.delay ?? NaN);
    this.#promptTokens.push(row.input_length);
    this.#outputTokens.push(row.output_length);
    this.#blocks.push(row.hash_ids ?? []);
    const { session_id: session } = row;
    this.#session.push(session === undefined || session === null ? undefined : String(session));
  }

  finish() {
    return {
      place: this.#place.finish(),
      timestamp: this.#timestamp.finish(),
      delay: this.#delay.finish(),
      promptTokens: this.#promptTokens.finish(),
      outputTokens: this.#outputTokens.finish(),
      blocks: this.#blocks.finish(),
      session: this.#session,
    };
  }
}
