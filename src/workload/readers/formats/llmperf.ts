import * as z from "zod";
import { ArrivalOptions } from "../parsing/assumed-arrivals.ts";
import { secondsColumn, tokensColumn } from "../parsing/columns.ts";
import { hasKeys } from "../parsing/head.ts";
import { instantsOutOfOrder } from "../parsing/instant-order.ts";
import { jsonLinesReader } from "../parsing/json-lines-reader.ts";
import { measuredTtft } from "../parsing/measured-ttft.ts";
import { LoggedRequests } from "../parsing/logged-requests.ts";
import type { TraceFormat } from "../trace-format.ts";

/** A request; what went wrong has 0 in place of what was not measured. */
export const LlmPerfRow = z.looseObject({
  error_code: z.union([z.number(), z.string().max(1e4)]).nullish()
    .meta({ description: "status or code of what went wrong; null: nothing" }),
  error_msg: z.string().max(1e6).nullish().meta({ description: "what went wrong" }),
  ttft_s: secondsColumn("sent to first token; 0: there was none").nullish(),
  end_to_end_latency_s: secondsColumn("sent to last token; 0: it failed").nullish(),
  number_input_tokens: tokensColumn("length of the prompt", { min: 0 }).nullish(),
  number_output_tokens: tokensColumn("length of the answer; 0: there was none", { min: 0 })
    .nullish(),
});

/**
 * The results of requests that llmperf writes, `…_individual_responses.json`. It keeps no times of day:
 * arrivals are assumed, see `ArrivalOptions`. What it measured from sending on are the durations `ttft`
 * and `end_to_end_latency`, seconds; 0 is not known. Requests with an error code are failed.
 *
 * Source: ray-project/llmperf, `token_benchmark_ray.py`, at 004d3af, and
 * `src/llmperf/ray_clients/openai_chat_completions_client.py`, at 0451d33.
 */
export const llmPerf: TraceFormat<ArrivalOptions> = {
  name: "llmperf",
  title: "llmperf's results of requests (individual_responses.json)",
  row: LlmPerfRow,
  options: ArrivalOptions,
  recognise: (head) =>
    hasKeys(head, ["number_input_tokens", "number_output_tokens", "end_to_end_latency_s"])
      ? "JSON with number_input_tokens, number_output_tokens and end_to_end_latency_s"
      : undefined,
  reader(context) {
    const { log } = context;
    const requests = new LoggedRequests(context, { name: "llmperf results", names: NAMES });
    return jsonLinesReader({
      log,
      schema: LlmPerfRow,
      take(row) {
        const latency = row.end_to_end_latency_s || NaN;
        const { ttft, inOnePiece } = measuredTtft(row.ttft_s, latency, row.number_output_tokens);
        const isAnswered = row.error_code === null || row.error_code === undefined;
        const problem = isAnswered &&
          instantsOutOfOrder({ sent: 0, firstToken: ttft, finish: latency }, NAMES);
        if (problem) return problem;
        return requests.take({
          promptTokens: row.number_input_tokens ?? NaN,
          outputTokens: row.number_output_tokens ?? NaN,
          durations: { ttft, end_to_end_latency: latency },
          inOnePiece,
          ...!isAnswered && { status: "failed" },
        });
      },
      end: () => requests.finish(),
    });
  },
};

const NAMES = {
  firstToken: "ttft_s",
  finish: "end_to_end_latency_s",
  promptTokens: "number_input_tokens",
  outputTokens: "number_output_tokens",
};
