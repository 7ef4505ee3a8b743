import * as z from "zod";
import { InputError } from "../../../errors/input-error.ts";
import { parseWith } from "../../../errors/parse-with.ts";
import { checkRow } from "../parsing/check-row.ts";
import { countColumn, tokensColumn } from "../parsing/columns.ts";
import { parseJson } from "../../../errors/parse-json.ts";
import { type LoggedRequest, LoggedRequests } from "../parsing/logged-requests.ts";
import type { ReadContext, ReadTrace, TraceFormat, UnservedStatus } from "../trace-format.ts";
import { wholeReader } from "../parsing/whole-reader.ts";

function unixColumn(description: string) {
  return z.number().min(0).max(1e11).meta({ description, unit: "seconds since 1970" });
}

/** What all versions say of a request, under one set of names. */
export const GuideLlmRow = z.object({
  prompt_tokens: tokensColumn("length of the prompt; may be missing where it failed", { min: 0 })
    .nullable(),
  output_tokens: tokensColumn("length of the answer", { min: 0 }).nullable(),
  targeted_start: unixColumn("when it was to be sent").nullable(),
  start_time: unixColumn("when it was sent; may be missing, or 0, where it failed").nullable(),
  first_token_time: unixColumn("first token").nullable(),
  end_time: unixColumn("end of the request").nullable(),
  conversation: z.string().max(256).nullable().meta({ description: "conversation it is of" }),
});
type GuideLlmRow = z.output<typeof GuideLlmRow>;

/** Which benchmark of a report is read. */
export const GuideLlmOptions = z.strictObject({
  /** Its place, from 0: a sweep has one for each rate. */
  benchmark: countColumn("place of the benchmark").default(0),
});
export type GuideLlmOptions = z.output<typeof GuideLlmOptions>;

const GROUPS = ["successful", "errored", "incomplete"] as const;
const ENDS: Readonly<Record<(typeof GROUPS)[number], UnservedStatus | undefined>> = {
  successful: undefined,
  errored: "failed",
  incomplete: "cancelled",
};

const requests = z.array(z.unknown()).nullish();
const Report = z.looseObject({
  benchmarks: z.array(z.looseObject({
    requests: z.looseObject({ successful: requests, errored: requests, incomplete: requests })
      .nullish(),
    config: z.looseObject({ strategy: z.unknown().optional() }).nullish().catch(null),
  })).min(1),
});
type Benchmark = z.output<typeof Report>["benchmarks"][number];

/**
 * The report that GuideLLM writes as JSON, of version 0.2 and 0.3 (times beside the tokens) or 0.4 and
 * later (times under `info.timings`). It holds one benchmark for each rate of a sweep: the option
 * `benchmark` picks one, the requests of the others are set aside.
 *
 * Arrival is when the schedule wanted the request to be sent, or where there is no schedule when it
 * was. Errored requests are failed, incomplete ones cancelled; both are among the trace's `unserved`.
 */
export const guideLlm: TraceFormat<GuideLlmOptions> = {
  name: "guidellm",
  title: "GuideLLM benchmarks",
  row: GuideLlmRow,
  rowsAt: "benchmarks.0.requests.successful",
  options: GuideLlmOptions,
  recognise: ({ text }) =>
    /^\s*\{/.test(text) && /"benchmarks"\s*:\s*\[/.test(text) &&
      /guidellm|generative_benchmark/i.test(text)
      ? "JSON object with benchmarks of GuideLLM"
      : undefined,
  reader: (context) => wholeReader(context.log, (text) => readReport(text, context)),
};

function readReport(text: string, context: ReadContext<GuideLlmOptions>): ReadTrace {
  const { log, options: { benchmark: wanted } } = context;
  const file = log.source;
  const { benchmarks } = parseWith(Report, parseJson(text, file), file);
  if (wanted >= benchmarks.length) {
    const expected = `an index below ${benchmarks.length}, the number of benchmarks in the file`;
    throw new InputError({ file, field: "benchmark", value: wanted, expected });
  }
  benchmarks.forEach((other, at) => {
    if (at === wanted) return;
    for (const group of GROUPS) {
      for (const _ of other.requests?.[group] ?? []) {
        log.setAside("requests of other benchmarks in the file");
      }
    }
  });
  if (benchmarks.length > 1) {
    const told = benchmarks.slice(0, LISTED).map((each, place) => `${place} (${tell(each)})`);
    log.assumptions.push(
      `benchmark ${wanted} of ${benchmarks.length} in the file, from 0`,
      `benchmarks in the file, of which the option benchmark picks one: ${told.join(", ")}` +
        (benchmarks.length > LISTED ? ", …" : ""),
    );
  }
  const rows = GROUPS.reduce(
    (sum, group) => sum + (benchmarks[wanted].requests?.[group]?.length ?? 0),
    0,
  );
  if (rows === 0) {
    const field = `benchmarks.${wanted}.requests`;
    const expected = "requests; this report has only the metrics of its benchmark";
    throw new InputError({ file, field, expected });
  }
  return readBenchmark(benchmarks[wanted], `benchmarks.${wanted}`, context);
}

/** Benchmarks that are told of; the rest is counted. */
const LISTED = 20;

/** What tells a benchmark from others, in words. */
function tell({ requests, config }: Benchmark): string {
  const strategy = config?.strategy;
  const { type_: type, rate } = (strategy ?? {}) as { type_?: unknown; rate?: unknown };
  const count = GROUPS.reduce((sum, group) => sum + (requests?.[group]?.length ?? 0), 0);
  return [
    ...typeof type === "string" ? [type.slice(0, 40)] : [],
    ...typeof rate === "number" ? [`${rate} a second`] : [],
    `${count} requests`,
  ].join(", ");
}

const NAMES = {
  arrival: "targeted_start",
  sent: "start_time",
  firstToken: "first_token_time",
  finish: "end_time",
  promptTokens: "prompt_tokens",
  outputTokens: "output_tokens",
};

function readBenchmark(benchmark: Benchmark, path: string, context: ReadContext): ReadTrace {
  const { log } = context;
  const requests = new LoggedRequests(context, { name: "GuideLLM benchmark", names: NAMES });
  for (const group of GROUPS) {
    (benchmark.requests?.[group] ?? []).forEach((stats, at) => {
      const place = { file: log.source, path: `${path}.requests.${group}.${at}` };
      const checked = checkRow(GuideLlmRow, uniform(stats), place);
      if (!("data" in checked)) return log.refuse(checked);
      const request = loggedOf(checked.data, ENDS[group]);
      const verdict = missingStart(request) ?? requests.take(request);
      const isAside = typeof verdict === "object" && "setAside" in verdict;
      const aside = { setAside: `${group} requests` };
      log.verdictAt(place.path, isAside && request.status ? aside : verdict);
    });
  }
  return requests.finish();
}

function loggedOf(row: GuideLlmRow, status: UnservedStatus | undefined): LoggedRequest {
  const start = instant(row.start_time);
  const targeted = instant(row.targeted_start);
  return {
    status,
    // A schedule may be missing, or be of no meaning where requests follow each other.
    arrival: targeted < start ? targeted : start,
    sent: start,
    firstToken: instant(row.first_token_time),
    finish: instant(row.end_time),
    promptTokens: row.prompt_tokens ?? 0,
    outputTokens: row.output_tokens ?? 0,
    ...row.conversation && { session: row.conversation },
  };
}

/** A date of 0 is what is written where there was none. */
function instant(unix: number | null): number {
  return unix || NaN;
}

function missingStart({ status, outputTokens, arrival }: LoggedRequest) {
  if (status !== undefined || outputTokens === 0 || !Number.isNaN(arrival)) return undefined;
  return { field: NAMES.sent, value: undefined, expected: "when the request was sent" };
}

/** The names of {@link GuideLlmRow} out of those of any version; what is no object stays as it is. */
function uniform(stats: unknown): unknown {
  if (!isObject(stats)) return stats;
  const info = objectAt(stats, "info") ?? objectAt(stats, "scheduler_info") ?? {};
  const timings = objectAt(info, "timings") ?? objectAt(info, "request_timings") ?? {};
  const first = (...candidates: unknown[]) =>
    candidates.find((candidate) => candidate !== undefined && candidate !== null) ?? null;
  return {
    prompt_tokens: first(stats.prompt_tokens, objectAt(stats, "input_metrics")?.total_tokens),
    output_tokens: first(stats.output_tokens, objectAt(stats, "output_metrics")?.total_tokens),
    targeted_start: first(timings.targeted_start, info.targeted_start_time),
    start_time: first(
      ...[timings.request_start, stats.request_start_time, stats.start_time],
      timings.resolve_start,
    ),
    first_token_time: first(
      ...[timings.first_token_iteration, timings.first_iteration, stats.first_token_time],
    ),
    end_time: first(
      ...[timings.request_end, stats.request_end_time, stats.end_time, timings.resolve_end],
    ),
    conversation: first(info.conversation_id),
  };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function objectAt(
  value: Record<string, unknown>,
  key: string,
): Record<string, unknown> | undefined {
  const part = value[key];
  return isObject(part) ? part : undefined;
}
