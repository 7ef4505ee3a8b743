import * as z from "zod";

const count = z.int().min(0);
const milliseconds = z.number().nullish();

const UsageJson = z.object({
  prompt_tokens: count,
  completion_tokens: count.default(0),
  prompt_tokens_details: z.object({ cached_tokens: count.nullish() }).nullish(),
});

const MetricsJson = z.object({
  time_to_first_token_ms: milliseconds,
  queue_time_ms: milliseconds,
  generation_time_ms: milliseconds,
  mean_itl_ms: milliseconds,
  tokens_per_second: milliseconds,
});

const ChoiceJson = z.object({
  index: count.default(0),
  /** Completions. */
  text: z.string().nullish(),
  /** Chat. */
  delta: z.object({ role: z.string().nullish(), content: z.string().nullish() }).nullish(),
  finish_reason: z.string().nullish(),
  stop_reason: z.union([z.string(), z.number()]).nullish(),
  token_ids: z.array(z.number()).nullish(),
});

/** An event of a stream of completions or chat (vLLM reference §2.2, §2.3). */
export const StreamEvent = z.object({
  choices: z.array(ChoiceJson),
  usage: UsageJson.nullish(),
  metrics: MetricsJson.nullish(),
});
export type StreamEvent = z.output<typeof StreamEvent>;

/** What a server says of an error, in a body or inside a stream (vLLM reference §2.5). */
export const ErrorJson = z.union([
  z.object({ error: z.object({ message: z.string(), type: z.string().nullish() }) }),
  z.object({ error: z.string() }),
  z.object({ detail: z.string() }),
  z.object({ message: z.string() }),
]);
export type ErrorJson = z.output<typeof ErrorJson>;

/** The message of an error as the server gave it. */
export function messageOf(json: ErrorJson): string {
  if ("detail" in json) return json.detail;
  if ("message" in json) return json.message;
  if (typeof json.error === "string") return json.error;
  const { message, type } = json.error;
  return type ? `${type}: ${message}` : message;
}
