import * as z from "zod";
import { InputError } from "../../../errors/input-error.ts";
import { parseWith } from "../../../errors/parse-with.ts";
import { ArrivalOptions } from "../parsing/assumed-arrivals.ts";
import {
  type BenchResult,
  benchResults,
  hasRequests,
  isBenchResult,
  placeOfResult,
  severalResults,
} from "../parsing/bench-results.ts";
import { checkRow } from "../parsing/check-row.ts";
import { countColumn, secondsColumn, tokensColumn } from "../parsing/columns.ts";
import { type LoggedRequest, LoggedRequests } from "../parsing/logged-requests.ts";
import { wholeReader } from "../parsing/whole-reader.ts";
import type { ReadContext, ReadTrace, TraceFormat } from "../trace-format.ts";

const start = z.number().min(0).max(1e10)
  .meta({ description: "when it was sent, on a clock of the client", unit: "seconds" });

/** One request: the same place in each of the result's lists. */
export const VllmBenchRow = z.object({
  input_lens: tokensColumn("length of the prompt"),
  output_lens: tokensColumn("length of the answer; 0: it failed", { min: 0 }),
  start_times: start.optional(),
  queue_times: secondsColumn("waited in the client for one of its places before it was sent")
    .optional(),
  ttfts: secondsColumn("sent to first chunk; 0: the answer was not streamed").optional(),
  itls: z.array(z.number().min(0).max(1e9))
    .meta({ description: "gaps between chunks", unit: "seconds" }).optional(),
  latencies: secondsColumn("sent to last token").optional(),
  errors: z.string().max(1e6).meta({ description: "what went wrong; empty: nothing" }).optional(),
});
type VllmBenchRow = z.output<typeof VllmBenchRow>;

/** What is looked at of a request that failed; times may be missing. */
const FailedRow = z.object({
  input_lens: tokensColumn("length of the prompt", { min: 0 }).nullish(),
  start_times: start.nullish(),
  queue_times: z.number().min(0).max(1e9).nullish(),
});

type List = keyof VllmBenchRow;
const LISTS = Object.keys(VllmBenchRow.shape) as List[];
const REQUIRED = ["input_lens", "output_lens"] as const;

/** Which of several results in a file is read, and how requests of one without times arrive. */
export const VllmBenchOptions = z.strictObject({
  /** Its place, from 0; absent: the only one, or the only one with requests. */
  result: countColumn("place of the result").optional(),
  ...ArrivalOptions.shape,
});
export type VllmBenchOptions = z.output<typeof VllmBenchOptions>;

const list = z.array(z.unknown()).nullish();
const Lists = z.looseObject({
  ...Object.fromEntries(LISTS.map((name) => [name, list])) as Record<List, typeof list>,
  model_id: z.string().nullish(),
  max_concurrency: z.number().nullish(),
  request_rate: z.unknown().optional(),
  completed: z.int().min(0).nullish(),
});
type Lists = z.output<typeof Lists>;

/**
 * The result that vLLM's `bench serve` saves with `--save-result --save-detailed`, or SGLang's benchmark
 * with `--output-details`: one JSON object, or several behind each other where results were appended, of
 * which the option `result` picks one; the requests of the others are set aside. Where several have
 * requests and none was picked the file is refused, and the error lists them.
 *
 * Arrival is when the client sent the request less what it waited before that for one of the places of
 * `--max-concurrency`; versions before 0.30 do not say how long that was. Requests with an error or
 * without output are among the trace's `unserved`. An answer of several tokens that came in one chunk, or
 * whose time to the first is 0, was not streamed: when its first token was made is unknown. A result
 * without `start_times` (SGLang's never has any) is one of lengths, with durations but no instants;
 * arrivals are assumed, see {@link ArrivalOptions}. A summary without lists has no rows: it is refused
 * here, and read by `readBenchSummary`.
 */
export const vllmBench: TraceFormat<VllmBenchOptions> = {
  name: "vllm-bench",
  title: "vLLM bench serve or SGLang bench_serving, detailed result",
  row: VllmBenchRow,
  options: VllmBenchOptions,
  recognise: ({ text }) =>
    isBenchResult(text)
      ? "JSON object with completed and request_throughput or input_lens"
      : undefined,
  reader: (context) => wholeReader(context.log, (text) => readResults(text, context)),
};

function readResults(text: string, context: ReadContext<VllmBenchOptions>): ReadTrace {
  const { log } = context;
  const file = log.source;
  const results = benchResults(text, file);
  const place = placeOf(results, context);
  if (results.length > 1) {
    log.assumptions.push(
      `result ${place} of ${results.length} in the file, from 0` +
        (context.options.result === undefined ? ": the only one with requests" : ""),
    );
  }
  results.forEach((other, at) => {
    if (at === place || !Array.isArray(other.input_lens)) return;
    for (const _ of other.input_lens) log.setAside("requests of other results in the file");
  });
  const result = parseWith(Lists, results[place], file);
  checkLists(result, file);
  return readResult(result, context);
}

function placeOf(
  results: readonly BenchResult[],
  { log: { source: file }, options: { result } }: ReadContext<VllmBenchOptions>,
): number {
  if (result !== undefined) return placeOfResult(results, result, { file });
  const places = [...results.keys()].filter((place) => hasRequests(results[place]));
  if (places.length > 1) throw severalResults(results, { file, places });
  return places[0] ?? 0;
}

/** Refuses a summary, and lists of different lengths. */
function checkLists(result: Lists, file: string): void {
  const missing = REQUIRED.filter((name) => !result[name]);
  if (missing.length > 0) {
    const completed = result.completed ? ` of ${result.completed} requests` : "";
    throw new InputError(missing.map((field) => ({
      file,
      field,
      expected: `one value per request: this is a summary${completed} without rows; ` +
        "save the result with --save-detailed",
    })));
  }
  const size = result.input_lens!.length;
  const uneven = LISTS.filter((name) => result[name] && result[name].length !== size);
  if (uneven.length === 0) return;
  throw new InputError(uneven.map((field) => ({
    file,
    field,
    value: `${result[field]!.length} values`,
    expected: `${size} values, as in input_lens`,
  })));
}

function readResult(result: Lists, context: ReadContext<VllmBenchOptions>): ReadTrace {
  const { log } = context;
  const present = LISTS.filter((name) => result[name]);
  const size = result.input_lens!.length;
  log.columnsIgnored.push(
    ...Object.keys(result).filter((name) =>
      Array.isArray(result[name]) && result[name].length === size &&
      !Object.hasOwn(Lists.shape, name)
    ),
  );
  sayWhatIsMissing(result, log);
  const requests = new LoggedRequests(context, {
    name: "vLLM benchmark",
    names: {
      arrival: "start_times less queue_times",
      sent: "start_times",
      firstToken: "start_times and ttfts",
      finish: "start_times and latencies or itls",
    },
  });
  result.input_lens!.forEach((_, at) => {
    const row = Object.fromEntries(present.map((name) => [name, result[name]![at]]));
    const place = { file: log.source, path: String(at) };
    const failed = Boolean(row.errors) || row.output_lens === 0 || row.output_lens === null;
    const checked = failed ? checkRow(FailedRow, row, place) : checkRow(VllmBenchRow, row, place);
    if (!("data" in checked)) return log.refuse(checked);
    const request = failed
      ? failedRequest(checked.data as z.output<typeof FailedRow>)
      : servedRequest(checked.data as VllmBenchRow);
    const verdict = requests.take({ ...request, ...result.model_id && { model: result.model_id } });
    log.verdictAt(String(at), verdict);
  });
  return requests.finish();
}

function sayWhatIsMissing(result: Lists, log: ReadContext["log"]): void {
  if (!result.start_times) {
    const { request_rate: rate } = result;
    log.assumptions.push(
      "the result has no start_times: arrivals are assumed, and of what was measured durations alone " +
        "are kept" +
        (typeof rate === "number" && Number.isFinite(rate)
          ? `; requests were sent at ${rate} a second (option rate=${rate})`
          : ""),
    );
  } else if (result.max_concurrency && !result.queue_times) {
    log.assumptions.push(
      `arrival is the time of sending: the wait for one of ${result.max_concurrency} places is not recorded`,
    );
  }
  if (!result.ttfts) log.assumptions.push("the result has no ttfts: first tokens are unknown");
}

/** A request that got no answer; 0 is no time but what a client has that never sent it. */
function failedRequest(
  { input_lens, start_times, queue_times }: z.output<typeof FailedRow>,
): LoggedRequest {
  return {
    status: "failed",
    arrival: start_times ? start_times - (queue_times ?? 0) : NaN,
    promptTokens: input_lens ?? 0,
  };
}

function servedRequest(row: VllmBenchRow): LoggedRequest {
  const { ttfts: ttft = NaN, itls, latencies, output_lens: tokens, start_times: sent } = row;
  const inOnePiece = ttft === 0 || (ttft > 0 && tokens > 1 && itls?.length === 0);
  // Without streaming the first chunk is the last.
  const summed = ttft > 0 && itls ? itls.reduce((at, gap) => at + gap, ttft) : NaN;
  const e2e = latencies !== undefined && latencies > 0 ? latencies : summed;
  const first = inOnePiece ? NaN : ttft;
  const lengths = { promptTokens: row.input_lens, outputTokens: tokens, inOnePiece };
  if (sent === undefined) {
    const durations = {
      ...!Number.isNaN(first) && { ttft: first },
      ...!Number.isNaN(e2e) && { e2e },
    };
    return { ...lengths, durations };
  }
  return {
    ...lengths,
    arrival: sent - (row.queue_times ?? 0),
    sent,
    firstToken: sent + first,
    finish: sent + e2e,
  };
}
