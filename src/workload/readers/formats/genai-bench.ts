import * as z from "zod";
import { InputError } from "../../../errors/input-error.ts";
import { parseJsonDocuments } from "../../../errors/parse-json.ts";
import { parseWith } from "../../../errors/parse-with.ts";
import { ArrivalOptions } from "../parsing/assumed-arrivals.ts";
import { checkRow } from "../parsing/check-row.ts";
import { durationOrBlankColumn, tokensColumn } from "../parsing/columns.ts";
import { hasKeys } from "../parsing/head.ts";
import { instantsOutOfOrder } from "../parsing/instant-order.ts";
import { measuredTtft } from "../parsing/measured-ttft.ts";
import { LoggedRequests } from "../parsing/logged-requests.ts";
import { wholeReader } from "../parsing/whole-reader.ts";
import type { ReadContext, ReadTrace, TraceFormat } from "../trace-format.ts";

function clockColumn(description: string) {
  return z.number().min(0).max(1e11).meta({ description, unit: "seconds on the client's clock" });
}

/** A request; latencies are in the unit that the file names, and no unit is seconds. */
export const GenaiBenchRow = z.looseObject({
  num_input_tokens: tokensColumn("length of the prompt", { min: 0 }).nullish(),
  num_output_tokens: tokensColumn("length of the answer; 0: there was none", { min: 0 }).nullish(),
  ttft: durationOrBlankColumn("sent to first token", 1e12).nullish(),
  e2e_latency: durationOrBlankColumn("sent to last token", 1e12).nullish(),
  start_time: clockColumn("when it was sent, in versions that say").nullish(),
  end_time: clockColumn("last token, in versions that say").nullish(),
  error_code: z.union([z.number(), z.string().max(1e4)]).nullish()
    .meta({ description: "status of what went wrong; null: nothing" }),
});
type GenaiBenchRow = z.output<typeof GenaiBenchRow>;

const Experiment = z.looseObject({
  individual_request_metrics: z.array(z.unknown()),
  _time_unit: z.enum(["s", "ms"]).default("s"),
});

/**
 * The result of one experiment of genai-bench, a JSON object with `individual_request_metrics` beside
 * the `aggregated_metrics`. Its requests have no times of day: arrivals are assumed, see
 * `ArrivalOptions`, and what was measured from sending on are the durations `ttft` and `e2e_latency`,
 * seconds whatever the `_time_unit` of the file. Where requests have a `start_time`, they arrive then.
 * Requests with an error code are failed.
 *
 * Source: sgl-project/genai-bench, `genai_bench/metrics/metrics.py`, at 025cf1c, and
 * `aggregated_metrics_collector.py` beside it.
 */
export const genaiBench: TraceFormat<ArrivalOptions> = {
  name: "genai-bench",
  title: "genai-bench's result of an experiment",
  row: GenaiBenchRow,
  rowsAt: "individual_request_metrics",
  options: ArrivalOptions,
  recognise: (head) =>
    hasKeys(head, ["aggregated_metrics", "individual_request_metrics"])
      ? "JSON object with aggregated_metrics and individual_request_metrics"
      : undefined,
  reader: (context) => wholeReader(context.log, (text) => readExperiment(text, context)),
};

const NAMES = {
  arrival: "start_time",
  sent: "start_time",
  firstToken: "ttft",
  finish: "e2e_latency",
  promptTokens: "num_input_tokens",
  outputTokens: "num_output_tokens",
};

function readExperiment(text: string, context: ReadContext<ArrivalOptions>): ReadTrace {
  const { log } = context;
  const [document, second] = parseJsonDocuments(text, log.source);
  if (second !== undefined) {
    const expected = "the end of the file: an experiment of genai-bench has a file of its own";
    throw new InputError({ file: log.source, row: second.row, expected });
  }
  const experiment = parseWith(Experiment, document.value, log.source);
  const scale = experiment._time_unit === "ms" ? 1e-3 : 1;
  const requests = new LoggedRequests(context, { name: "genai-bench experiment", names: NAMES });
  experiment.individual_request_metrics.forEach((value, at) => {
    const path = `individual_request_metrics.${at}`;
    const checked = checkRow(GenaiBenchRow, value, { file: log.source, path });
    if (!("data" in checked)) return log.refuse(checked);
    const verdict = take(requests, checked.data, scale);
    if (verdict && typeof verdict === "object" && "expected" in verdict) {
      return log.refuse([{ file: log.source, ...verdict, field: `${path}.${verdict.field}` }]);
    }
    log.verdict(at + 1, verdict);
  });
  return requests.finish();
}

function take(requests: LoggedRequests, row: GenaiBenchRow, scale: number) {
  const latency = row.e2e_latency ? row.e2e_latency * scale : NaN;
  const { ttft, inOnePiece } = measuredTtft(
    row.ttft ? row.ttft * scale : NaN,
    latency,
    row.num_output_tokens,
  );
  const start = row.start_time ?? NaN;
  const isAnswered = row.error_code === null || row.error_code === undefined;
  const problem = isAnswered &&
    instantsOutOfOrder({ sent: 0, firstToken: ttft, finish: latency }, NAMES);
  if (problem) return problem;
  return requests.take({
    arrival: start,
    sent: start,
    firstToken: start + ttft,
    finish: Number.isNaN(latency) ? row.end_time ?? NaN : start + latency,
    promptTokens: row.num_input_tokens ?? NaN,
    outputTokens: row.num_output_tokens ?? NaN,
    inOnePiece,
    ...Number.isNaN(start) && { durations: { ttft, e2e_latency: latency } },
    ...!isAnswered && { status: "failed" },
  });
}
