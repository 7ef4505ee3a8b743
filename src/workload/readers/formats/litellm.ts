import * as z from "zod";
import { ArrivalOptions } from "../parsing/assumed-arrivals.ts";
import { secondsColumn, tokensColumn } from "../parsing/columns.ts";
import { hasColumns, hasKeys, type Head } from "../parsing/head.ts";
import { parseColumnMap } from "../map/column-map.ts";
import { rowsAtPath } from "../map/json-table.ts";
import { mappedReader } from "../map/mapped-reader.ts";
import type { TraceFormat } from "../trace-format.ts";

/** What is read of a call; times are seconds since 1970, or dates. */
export const LiteLlmRow = z.looseObject({
  startTime: secondsColumn("when the call came"),
  completionStartTime: secondsColumn("first token; the end where the answer was not streamed")
    .optional(),
  endTime: secondsColumn("when the answer was there"),
  prompt_tokens: tokensColumn("length of the prompt", { min: 0 }),
  completion_tokens: tokensColumn("length of the answer; 0: there was none", { min: 0 }),
});

const NAMES = ["startTime", "endTime", "prompt_tokens", "completion_tokens"];
/** What other logs with these names do not have. */
const OWN_NAMES = [
  "call_type",
  "request_id",
  "litellm_call_id",
  "model_group",
  "response_cost",
  "spend",
];

/** Of several places the first that says something: payloads and spend logs name things differently. */
const MAP = parseColumnMap({
  arrival: "startTime",
  first: "completionStartTime",
  finish: "endTime",
  prompt: "prompt_tokens",
  output: "completion_tokens",
  max: "model_parameters.max_tokens|model_parameters.max_completion_tokens",
  cached: "metadata.usage_object.prompt_tokens_details.cached_tokens",
  tenant: "team_id|metadata.user_api_key_team_id|user|metadata.user_api_key_user_id|end_user|" +
    "api_key|metadata.user_api_key_hash",
  session: "session_id",
  model: "model_group|model",
  status: "status",
});

const OTHER_CALLS = /embed|rerank|moderation|image|speech|transcription|search|ocr|file|batch/i;
const FILTERS = [{
  column: "cache_hit",
  reason: (hit: string) =>
    /^true$/i.test(hit) ? "answers out of LiteLLM's cache, without a server" : undefined,
}, {
  column: "call_type",
  reason: (type: string) =>
    OTHER_CALLS.test(type) ? `calls that make no answers (${type})` : undefined,
}];

/**
 * Logs of LiteLLM's proxy: its standard logging payload (one a line, as loggers to files and buckets
 * write it) and its spend logs, from the API or as a table. Each call is a request; its tenant is the
 * team, where there is none the user, and else the key's hash. Answers out of LiteLLM's own cache and
 * calls that make no answers are set aside. Where an answer was not streamed LiteLLM logs its end as the
 * first token: that one is not known then.
 */
export const liteLlm: TraceFormat<ArrivalOptions> = {
  name: "litellm",
  title: "LiteLLM's logs: standard payloads, spend logs",
  row: LiteLlmRow,
  options: ArrivalOptions,
  recognise(head) {
    const names = namesOf(head);
    const own = OWN_NAMES.filter((name) => names.includes(name));
    return NAMES.every((name) => names.includes(name)) && own.length > 0
      ? `startTime, endTime, prompt_tokens and completion_tokens, and LiteLLM's ${own.join(", ")}`
      : undefined;
  },
  reader(context) {
    return mappedReader(context, (head) => ({
      name: "LiteLLM log",
      map: MAP,
      required: ["arrival", "prompt", "output"],
      filters: FILTERS,
      ...isPage(head) && { expand: rowsAtPath("data", dataOf, context.log.source) },
    }));
  },
};

function namesOf(head: Head): readonly string[] {
  if (hasColumns(head, NAMES)) return head.header;
  const row = isPage(head) ? (dataOf(head.json as object) as readonly unknown[])[0] : head.json;
  return typeof row === "object" && row !== null ? Object.keys(row) : [];
}

function dataOf(page: object): unknown {
  return (page as { readonly data?: unknown }).data;
}

/** Whether the file is a page of the API, whose calls are in a list. */
function isPage(head: Head): boolean {
  return hasKeys(head, ["data"]) && Array.isArray(dataOf(head.json as object));
}
