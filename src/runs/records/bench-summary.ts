import * as z from "zod";
import { InputError } from "../../errors/input-error.ts";
import { parseWith } from "../../errors/parse-with.ts";
import { parseJsonDocuments } from "../../errors/parse-json.ts";
import { isBenchResult } from "../../workload/readers/formats/vllm-bench.ts";
import type { RecordFormat } from "./record.ts";

/** A latency as vLLM's benchmark sums it up, milliseconds. */
export interface BenchLatency {
  readonly mean?: number;
  readonly median?: number;
  readonly std?: number;
  /** By percentile, as `99` or `99.9`. */
  readonly percentiles: Readonly<Record<string, number>>;
}

/** What vLLM's `bench serve` says of a whole run. Rates are per second of the run with its drain. */
export interface BenchSummary {
  readonly model?: string;
  readonly requestRate?: number | "inf";
  readonly maxConcurrency?: number;
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
  /** `ttft`, `tpot`, `itl`, `e2el`: those that were asked for, with vLLM's definitions. */
  readonly latencies: Readonly<Record<string, BenchLatency>>;
}

const amount = z.number().min(0).max(Number.MAX_VALUE);
const count = z.int().min(0);
const Result = z.looseObject({
  model_id: z.string().optional(),
  request_rate: z.union([amount, z.literal("inf")]).optional(),
  max_concurrency: count.nullish(),
  duration: amount,
  completed: count,
  failed: count.optional(),
  total_input_tokens: count,
  total_output_tokens: count,
  request_throughput: amount,
  output_throughput: amount.optional(),
  request_goodput: amount.nullish(),
});

const LATENCY = /^(mean|median|std|p[\d.]+)_(ttft|tpot|itl|e2el)_ms$/;

/**
 * The summary in a result of vLLM's `bench serve`, with or without `--save-detailed`: it holds no
 * requests, so there is no workload in it. Of results that were appended to one file the one at
 * `place` is read. Throws an InputError that names the field, the value and what was expected.
 *
 * @param file name of the file, for messages
 * @param place from 0
 */
export function readBenchSummary(text: string, file: string, place = 0): BenchSummary {
  const documents = parseJsonDocuments(text, file);
  if (place >= documents.length) {
    const expected = `an index below ${documents.length}, the number of results in the file`;
    throw new InputError({ file, field: "place", value: place, expected });
  }
  const result = parseWith(Result, documents[place].value, file);
  return {
    ...result.model_id !== undefined && { model: result.model_id },
    ...result.request_rate !== undefined && { requestRate: result.request_rate },
    ...result.max_concurrency && { maxConcurrency: result.max_concurrency },
    duration: result.duration,
    completed: result.completed,
    ...result.failed !== undefined && { failed: result.failed },
    inputTokens: result.total_input_tokens,
    outputTokens: result.total_output_tokens,
    requestThroughput: result.request_throughput,
    ...result.output_throughput !== undefined && { outputThroughput: result.output_throughput },
    ...typeof result.request_goodput === "number" && { goodput: result.request_goodput },
    latencies: latenciesOf(result, file),
  };
}

function latenciesOf(
  result: Readonly<Record<string, unknown>>,
  file: string,
): Record<string, BenchLatency> {
  const latencies: Record<string, Record<string, number | Record<string, number>>> = {};
  for (const [field, value] of Object.entries(result)) {
    const [, statistic, latency] = LATENCY.exec(field) ?? [];
    if (statistic === undefined) continue;
    if (!amount.safeParse(value).success) {
      throw new InputError({ file, field, value, expected: "a number of milliseconds from 0" });
    }
    const known = latencies[latency] ??= { percentiles: {} };
    if (statistic.startsWith("p")) {
      (known.percentiles as Record<string, number>)[statistic.slice(1)] = value as number;
    } else known[statistic] = value as number;
  }
  return latencies as unknown as Record<string, BenchLatency>;
}

/** A result without rows, as a file that is described. */
export const benchSummaryRecord: RecordFormat = {
  name: "vllm-bench-summary",
  title: "vLLM bench serve, summary without requests",
  recognise: ({ text, whole }) =>
    whole && isBenchResult(text) && !/"input_lens"\s*:/.test(text)
      ? "JSON object with request_throughput and completed, without input_lens: no requests in it"
      : undefined,
  describe(text, source) {
    const summary = readBenchSummary(text, source);
    return {
      model: summary.model ?? null,
      request_rate: summary.requestRate ?? null,
      max_concurrency: summary.maxConcurrency ?? null,
      duration_s: summary.duration,
      completed: summary.completed,
      failed: summary.failed ?? null,
      input_tokens: summary.inputTokens,
      output_tokens: summary.outputTokens,
      requests_per_s: summary.requestThroughput,
      output_tokens_per_s: summary.outputThroughput ?? null,
      goodput_per_s: summary.goodput ?? null,
      latencies_ms: Object.fromEntries(
        Object.entries(summary.latencies).map(([name, { percentiles, ...moments }]) => [
          name,
          {
            ...moments,
            ...Object.fromEntries(Object.entries(percentiles).map(([p, ms]) => [`p${p}`, ms])),
          },
        ]),
      ),
    };
  },
};
