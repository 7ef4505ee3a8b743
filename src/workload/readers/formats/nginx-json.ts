import * as z from "zod";
import { InputError } from "../../../errors/input-error.ts";
import { type ColumnMap, parseColumnMap } from "../map/column-map.ts";
import { onlyCompletionPaths } from "../map/completion-paths.ts";
import { proposeMap } from "../map/guess/propose-map.ts";
import { isJson, mappedReader } from "../map/mapped-reader.ts";
import { ArrivalOptions } from "../parsing/assumed-arrivals.ts";
import { secondsColumn, tokensColumn } from "../parsing/columns.ts";
import { hasKeys, type Head } from "../parsing/head.ts";
import type { TraceFormat } from "../trace-format.ts";

/** What is read of a line, by the names of nginx's variables; counts are what the log adds to them. */
export const NginxJsonRow = z.looseObject({
  msec: secondsColumn("when the line was written, after the last byte; since 1970").optional(),
  request_time: secondsColumn("from the request's first byte to the line"),
  status: z.int().meta({ description: "status of the answer" }),
  prompt_tokens: tokensColumn("length of the prompt").optional(),
  completion_tokens: tokensColumn("length of the answer").optional(),
});

/** Variables that say when a line was written, the exact one first. */
const WRITTEN: readonly (readonly [string, string])[] = [
  ["msec", "s"],
  ["time_iso8601", "iso"],
  ["time_local", "clf"],
];
/** Names of nginx's variables that its logs mostly have, and other logs mostly not. */
const OWN_NAMES = [
  ...["remote_addr", "remote_user", "request", "request_uri", "request_method", "body_bytes_sent"],
  ...["bytes_sent", "http_user_agent", "upstream_addr", "upstream_response_time"],
  ...["upstream_status", "server_name"],
];
const PROMPT = ["prompt_tokens", "input_tokens", "usage_prompt_tokens", "usage_input_tokens"];
const OUTPUT = [
  "completion_tokens",
  "output_tokens",
  "usage_completion_tokens",
  "usage_output_tokens",
];

/**
 * Access logs of nginx in JSON (`log_format … escape=json`) with nginx's variables by their own names. A
 * line is written when the answer is there: a request came `request_time` before. nginx knows no tokens:
 * a log has them where the server answers with them in headers, and they are logged as `prompt_tokens`
 * and `completion_tokens`, say; other names are mapped by the user. `upstream_header_time` is when the
 * headers came, not the first token, which is not known. Lines of paths that make no answers are set
 * aside.
 */
export const nginxJson: TraceFormat<ArrivalOptions> = {
  name: "nginx-json",
  title: "nginx access log, JSON, with token counts",
  row: NginxJsonRow,
  options: ArrivalOptions,
  recognise(head) {
    const written = WRITTEN.find(([name]) => hasKeys(head, [name]));
    const own = OWN_NAMES.filter((name) => hasKeys(head, [name]));
    return written && hasKeys(head, ["request_time", "status"]) && own.length > 0
      ? `JSON with nginx's request_time, status, ${written[0]} and ${own.join(", ")}`
      : undefined;
  },
  reader: (context) =>
    mappedReader(context, (head) => ({
      name: "nginx access log",
      map: parseColumnMap(mapOf(head, context.log.source)),
      required: ["finish", "e2e", "prompt", "output"],
      filters: ["request_uri", "uri", "request"].map(onlyCompletionPaths),
    })),
};

function mapOf(head: Head, file: string): ColumnMap {
  const has = (name: string) => hasKeys(head, [name]);
  const written = WRITTEN.find(([name]) => has(name));
  const [prompt, output] = [PROMPT, OUTPUT].map((names) => names.find(has));
  if (isJson(head) && (prompt === undefined || output === undefined)) {
    const expected = "token counts, which nginx itself has not: log them as prompt_tokens and " +
      "completion_tokens, from headers of the server, or name their columns with --map, beside " +
      `finish=msec:s,e2e=request_time:s,status=status${proposeMap(head)}`;
    throw new InputError({
      file,
      row: 1,
      field: prompt === undefined ? PROMPT[0] : OUTPUT[0],
      expected,
    });
  }
  const [name, unit] = written ?? WRITTEN[0];
  return {
    finish: `${name}:${unit}`,
    e2e: "request_time:s",
    prompt: prompt ?? PROMPT[0],
    output: output ?? OUTPUT[0],
    tenant: "remote_user",
    model: "model",
    status: "status:2xx",
  };
}
