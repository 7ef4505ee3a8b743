import * as z from "zod";
import { ArrivalOptions } from "../parsing/assumed-arrivals.ts";
import { optionalLabelColumn, tokensColumn } from "../parsing/columns.ts";
import { hasKeys, type Head } from "../parsing/head.ts";
import { jsonLinesReader } from "../parsing/json-lines-reader.ts";
import { LoggedRequests } from "../parsing/logged-requests.ts";
import type { TraceFormat } from "../trace-format.ts";

function clockColumn(description: string) {
  return z.number().min(0).max(1e11).meta({ description, unit: "seconds on the client's clock" });
}

const tokens = tokensColumn("length by the client's tokenizer", { min: 0 }).nullish();
const times = z.array(clockColumn("when a token came")).nullish();
const serverTokens = tokensColumn("length as the server counted it", { min: 0 }).nullish();
const usage = z.looseObject({
  prompt_tokens: serverTokens,
  completion_tokens: serverTokens,
  prompt_tokens_details: z.looseObject({ cached_tokens: serverTokens }).nullish(),
}).nullish();

/** A request; older versions have what came back beside what was sent. */
export const InferencePerfRow = z.looseObject({
  start_time: clockColumn("when it was sent"),
  end_time: clockColumn("when its answer was there, or its error").nullish(),
  info: z.looseObject({
    input_tokens: tokens,
    output_tokens: tokens,
    output_token_times: times,
    request_metrics: z.looseObject({ text: z.looseObject({ input_tokens: tokens }).nullish() })
      .nullish(),
    response_metrics: z.looseObject({
      output_tokens: tokens,
      output_token_times: times,
      server_usage: usage,
    }).nullish(),
    lora_adapter: optionalLabelColumn("adapter that was asked for").nullish(),
  }).nullish(),
  error: z.unknown().optional().meta({ description: "what went wrong; null: nothing" }),
});
type InferencePerfRow = z.output<typeof InferencePerfRow>;

/**
 * The results of requests that inference-perf writes, `per_request_lifecycle_metrics.json`. A request
 * arrives when it was sent; its first token is the first of `output_token_times`, which are empty where
 * the answer was not streamed; it ends at `end_time`, from which inference-perf counts its latency.
 * Lengths are those that the server counted, where the file has them, and else the client's.
 *
 * Source: kubernetes-sigs/inference-perf, `inference_perf/reportgen/base.py` and
 * `inference_perf/apis/base.py`, at 03e89d4.
 */
export const inferencePerf: TraceFormat<ArrivalOptions> = {
  name: "inference-perf",
  title: "inference-perf's results of requests (per_request_lifecycle_metrics.json)",
  row: InferencePerfRow,
  options: ArrivalOptions,
  recognise: (head) =>
    hasKeys(head, ["start_time", "end_time", "info"]) || isCutResult(head)
      ? "JSON with start_time, end_time and info, or request"
      : undefined,
  reader(context) {
    const { log } = context;
    const requests = new LoggedRequests(context, { name: "inference-perf results", names: NAMES });
    let counted = 0;
    return jsonLinesReader({
      log,
      schema: InferencePerfRow,
      take(row) {
        const { promptTokens, outputTokens, isServers, ...more } = lengthsOf(row);
        const [firstToken = NaN] = tokenTimes(row);
        if (isServers) counted++;
        return requests.take({
          arrival: row.start_time,
          sent: row.start_time,
          firstToken,
          inOnePiece: Number.isNaN(firstToken),
          finish: row.end_time ?? NaN,
          promptTokens,
          outputTokens,
          ...more,
          ...row.error !== null && row.error !== undefined && { status: endOf(row.error) },
          ...row.info?.lora_adapter && { model: row.info.lora_adapter },
        });
      },
      end() {
        if (counted > 0) {
          log.assumptions.push(`lengths of ${counted} rows are those of the server's usage`);
        }
        return requests.finish();
      },
    });
  },
};

const NAMES = {
  arrival: "start_time",
  sent: "start_time",
  firstToken: "info.output_token_times.0",
  finish: "end_time",
  promptTokens: "info.input_tokens",
  outputTokens: "info.output_tokens",
  cachedTokens: "info.response_metrics.server_usage.prompt_tokens_details.cached_tokens",
};

const KEYS = ["start_time", "end_time", "request", "response"];

/** Whether the texts of the first request are so long that the head ends in them, before `info`. */
function isCutResult(head: Head): boolean {
  return !head.whole && hasKeys(head, KEYS.slice(0, 3)) &&
    Object.keys(head.json as object).every((key) => KEYS.includes(key));
}

function tokenTimes({ info }: InferencePerfRow): readonly number[] {
  return info?.output_token_times ?? info?.response_metrics?.output_token_times ?? [];
}

function lengthsOf({ info }: InferencePerfRow) {
  const { response_metrics: response, request_metrics: request } = info ?? {};
  const usage = response?.server_usage;
  if (usage?.prompt_tokens && usage.completion_tokens) {
    const cachedTokens = usage.prompt_tokens_details?.cached_tokens;
    return {
      promptTokens: usage.prompt_tokens,
      outputTokens: usage.completion_tokens,
      isServers: true,
      ...typeof cachedTokens === "number" && { cachedTokens },
    };
  }
  return {
    promptTokens: info?.input_tokens ?? request?.text?.input_tokens ?? NaN,
    outputTokens: info?.output_tokens ?? response?.output_tokens ?? NaN,
    isServers: false,
  };
}

/** How a request with an error ended: one that the client gave up is cancelled. */
function endOf(error: unknown): "failed" | "cancelled" {
  const { error_type: type } = Object(error) as { readonly error_type?: unknown };
  return typeof type === "string" && /cancel/i.test(type) ? "cancelled" : "failed";
}
