import * as z from "zod";
import { InputError } from "../../errors/input-error.ts";
import { parseWith } from "../../errors/parse-with.ts";
import {
  type BenchResult,
  benchResults,
  hasRequests,
  isBenchResult,
  placeOfResult,
} from "../../workload/readers/parsing/bench-results.ts";
import type { Fact, RecordFormat } from "./record.ts";

/** A latency as a benchmark sums it up, milliseconds; NaN where the file says that there is none. */
export interface BenchLatency {
  readonly mean?: number;
  readonly median?: number;
  readonly std?: number;
  readonly min?: number;
  readonly max?: number;
  /** By percentile, as `99` or `99.9`. */
  readonly percentiles: Readonly<Record<string, number>>;
}

/** What vLLM's or SGLang's benchmark says of a whole run. Rates are per second of the run with its drain. */
export interface BenchSummary {
  readonly model?: string;
  readonly requestRate?: number | "inf";
  readonly maxConcurrency?: number;
  /** Requests open at the server on the average, as SGLang counts it. */
  readonly meanConcurrency?: number;
  /** First request sent to last answer, seconds. */
  readonly duration: number;
  readonly completed: number;
  readonly failed?: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly requestThroughput: number;
  readonly outputThroughput?: number;
  /** Requests a second that met the limits asked for; absent where none were. */
  readonly goodput?: number;
  /**
   * `ttft`, `tpot`, `itl`, `e2el`: those that the file has, with the benchmark's definitions: from
   * sending. SGLang's `e2e_latency` is `e2el`.
   */
  readonly latencies: Readonly<Record<string, BenchLatency>>;
}

const amount = z.number().min(0).max(Number.MAX_VALUE);
const count = z.int().min(0);
const Result = z.looseObject({
  model_id: z.string().nullish(),
  request_rate: z.union([amount, z.literal("inf")]).nullish(),
  max_concurrency: count.nullish(),
  concurrency: amount.nullish(),
  duration: amount,
  completed: count,
  failed: count.nullish(),
  total_input_tokens: count,
  total_output_tokens: count,
  request_throughput: amount,
  output_throughput: amount.nullish(),
  request_goodput: amount.nullish(),
  /** As vLLM wrote it until 2025. */
  "request_goodput:": amount.nullish(),
});

/** Statistics of a latency, its name, and its unit: seconds where none is written. */
const LATENCY =
  /^(mean|median|std|min|max|p\d+(?:\.\d+)?)_(ttft|tpot|itl|e2el|e2e_latency)(_ms|_s|_us)?$/;
const MILLISECONDS: Readonly<Record<string, number>> = { _ms: 1, _s: 1000, _us: 0.001 };
/** How far one number in two units may be apart, as a share: it was rounded. */
const ROUNDING = 0.01;

/**
 * The summary in a result of vLLM's `bench serve` or SGLang's benchmark, with or without its requests: a
 * summary alone has no workload in it. Of results that were appended to one file the one at `place` is
 * read. Throws an InputError that names the field, the value and what was expected.
 *
 * @param file name of the file, for messages
 * @param place from 0
 */
export function readBenchSummary(text: string, file: string, place = 0): BenchSummary {
  const results = benchResults(text, file);
  return summaryOf(results[placeOfResult(results, place, { file, field: "place" })], file);
}

function summaryOf(value: BenchResult, file: string): BenchSummary {
  // SGLang writes Python's Infinity, vLLM the word.
  const unlimited = value.request_rate === Infinity && { request_rate: "inf" };
  const result = parseWith(Result, { ...value, ...unlimited }, file);
  const { request_rate: rate, request_goodput: goodput = result["request_goodput:"] } = result;
  const all = {
    model: result.model_id,
    requestRate: rate,
    maxConcurrency: result.max_concurrency || null,
    meanConcurrency: result.concurrency,
    duration: result.duration,
    completed: result.completed,
    failed: result.failed,
    inputTokens: result.total_input_tokens,
    outputTokens: result.total_output_tokens,
    requestThroughput: result.request_throughput,
    outputThroughput: result.output_throughput,
    goodput,
    latencies: latenciesOf(result, file),
  };
  return Object.fromEntries(
    Object.entries(all).filter(([, each]) => (each ?? null) !== null),
  ) as unknown as BenchSummary;
}

/** Fields of a result that nothing is made of. */
function ignoredIn(result: BenchResult): string[] {
  return Object.keys(result).filter((name) =>
    !Object.hasOwn(Result.shape, name) && !LATENCY.test(name)
  );
}

function latenciesOf(
  result: Readonly<Record<string, unknown>>,
  file: string,
): Record<string, BenchLatency> {
  const latencies: Record<string, Record<string, number | Record<string, number>>> = {};
  for (const [field, value] of Object.entries(result)) {
    const [, statistic, name, unit = "_s"] = LATENCY.exec(field) ?? [];
    if (statistic === undefined) continue;
    if (value !== null && !amount.safeParse(value).success) {
      throw new InputError({ file, field, value, expected: "a number from 0" });
    }
    const milliseconds = value === null ? NaN : value as number * MILLISECONDS[unit];
    const known = latencies[name === "e2e_latency" ? "e2el" : name] ??= { percentiles: {} };
    const [place, key] = /^p\d/.test(statistic)
      ? [known.percentiles as Record<string, number>, statistic.slice(1)]
      : [known as Record<string, number>, statistic];
    const before = place[key] ?? NaN;
    if (Math.abs(before - milliseconds) > ROUNDING * Math.max(before, milliseconds)) {
      const expected = `${before} ms: the result has this number twice, in two units`;
      throw new InputError({ file, field, value, expected });
    }
    if (Number.isNaN(before)) place[key] = milliseconds;
  }
  return latencies as unknown as Record<string, BenchLatency>;
}

/**
 * Results, as a file that is described: the one that the option `result` names, or all that the file has. A
 * single result with its requests is a trace, and so is one that is named.
 */
export const benchSummaryRecord: RecordFormat = {
  name: "vllm-bench-summary",
  title: "vLLM bench serve or SGLang bench_serving, summary without requests",
  options: ["result"],
  recognise: ({ text }) =>
    isBenchResult(text) && !/"input_lens"\s*:/.test(text)
      ? "JSON object with request_throughput and completed, without input_lens: no requests in it"
      : undefined,
  recogniseWithRequests: ({ text }) =>
    isBenchResult(text) ? "JSON objects with completed and input_lens: several results" : undefined,
  describe(text, source, { result } = {}) {
    const results = benchResults(text, source);
    if (result !== undefined) {
      const Options = z.strictObject({ result: z.int().min(0) });
      const wanted = parseWith(Options, { result }, "command line").result;
      const place = placeOfResult(results, wanted, { file: source });
      return hasRequests(results[place]) ? undefined : {
        ...results.length > 1 && { result: `${place} of ${results.length}, from 0` },
        ...factsOf(results[place], source),
      };
    }
    const withRequests = results.filter(hasRequests).length;
    if (results.length === 1) {
      return withRequests === 1 ? undefined : factsOf(results[0], source);
    }
    return {
      results: `${results.length}; --option result=N (from 0) describes one` +
        (withRequests > 0 ? `; with requests: ${withRequests}` : ""),
      ...Object.fromEntries(results.map((each, place) => [
        `result ${place}`,
        {
          ...hasRequests(each) &&
            { requests: "listed: with --option result it is read as a trace" },
          ...factsOf(each, source),
        },
      ])),
    };
  },
};

function factsOf(result: BenchResult, file: string): Readonly<Record<string, Fact>> {
  const summary = summaryOf(result, file);
  const number = (value: number) => Number.isNaN(value) ? null : value;
  return {
    model: summary.model ?? null,
    request_rate: summary.requestRate ?? null,
    max_concurrency: summary.maxConcurrency ?? null,
    mean_concurrency: summary.meanConcurrency ?? null,
    duration_s: summary.duration,
    completed: summary.completed,
    failed: summary.failed ?? null,
    input_tokens: summary.inputTokens,
    output_tokens: summary.outputTokens,
    requests_per_s: summary.requestThroughput,
    output_tokens_per_s: summary.outputThroughput ?? null,
    goodput_per_s: summary.goodput ?? null,
    latencies_from_send_ms: Object.fromEntries(
      Object.entries(summary.latencies).map(([name, { percentiles, ...moments }]) => [
        name,
        {
          ...Object.fromEntries(Object.entries(moments).map(([each, ms]) => [each, number(ms)])),
          ...Object.fromEntries(
            Object.entries(percentiles).map(([p, ms]) => [`p${p}`, number(ms)]),
          ),
        },
      ]),
    ),
    fields_ignored: ignoredIn(result),
  };
}
