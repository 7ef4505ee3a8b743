import * as z from "zod";
import { parseColumnMap } from "../map/column-map.ts";
import { onlyCompletionPaths } from "../map/completion-paths.ts";
import { mappedReader } from "../map/mapped-reader.ts";
import { ArrivalOptions } from "../parsing/assumed-arrivals.ts";
import { tokensColumn } from "../parsing/columns.ts";
import { hasKeys } from "../parsing/head.ts";
import type { TraceFormat } from "../trace-format.ts";

/** What is read of a line; the names of token counts are those of the gateway's guide. */
export const EnvoyAiGatewayRow = z.looseObject({
  start_time: z.string().meta({ description: "when the request came" }),
  duration: z.int().min(0).meta({
    description: "from the request's start to the answer's last byte",
    unit: "milliseconds",
  }),
  response_code: z.int().min(0).meta({ description: "status of the answer; 0: there was none" }),
  genai_tokens_input: tokensColumn("length of the prompt", { min: 0 }).optional(),
  genai_tokens_output: tokensColumn("length of the answer", { min: 0 }).optional(),
});

/** Names of counts in the gateway's guide, those of its own command, and of its dynamic metadata. */
const PROMPT = ["genai_tokens_input", "gen_ai.usage.input_tokens", "llm_input_token"];
const OUTPUT = ["genai_tokens_output", "gen_ai.usage.output_tokens", "llm_output_token"];

const MAP = parseColumnMap({
  arrival: "start_time",
  e2e: "duration:ms",
  prompt: PROMPT.join("|"),
  output: OUTPUT.join("|"),
  cached: "genai_tokens_cached|gen_ai.usage.cache_read.input_tokens|llm_cached_input_token",
  session: "session.id|gen_ai.conversation.id",
  model: "genai_model_name|gen_ai.request.model|genai_model_name_override|gen_ai.response.model",
  // All else is none, 0 too: the client or the server went away before.
  status: "response_code:2xx",
});

const FILTERS = [
  { column: "mcp_method", reason: () => "calls of MCP tools" },
  { column: "mcp.method.name", reason: () => "calls of MCP tools" },
  ...["x-envoy-origin-path", "x-envoy-original-path", "path"].map(onlyCompletionPaths),
];

/**
 * Access logs of Envoy AI Gateway in JSON, one request a line. Token counts are logged where the route
 * has `llmRequestCosts` and the access log names them, as the gateway's guide shows. The first token is
 * not in these logs: `x-envoy-upstream-service-time` is when the headers came. Calls of tools, and of
 * paths that make no answers, are set aside.
 */
export const envoyAiGateway: TraceFormat<ArrivalOptions> = {
  name: "envoy-ai-gateway",
  title: "Envoy AI Gateway's access log, JSON",
  row: EnvoyAiGatewayRow,
  options: ArrivalOptions,
  recognise(head) {
    if (!hasKeys(head, ["start_time", "duration", "response_code"])) return undefined;
    const counts = [...PROMPT, ...OUTPUT].filter((name) => hasKeys(head, [name]));
    return counts.length > 0
      ? `JSON with Envoy's start_time, duration and response_code, and ${counts.join(", ")}`
      : undefined;
  },
  reader: (context) =>
    mappedReader(context, () => ({
      name: "Envoy AI Gateway log",
      map: MAP,
      required: ["arrival", "prompt", "output"],
      filters: FILTERS,
      withoutCounts:
        "they are logged where the AIGatewayRoute has llmRequestCosts of InputToken and " +
        "OutputToken",
    })),
};
