/**
 * Why an attempt came to nothing, by name:
 * - `refused`, `unreachable`: no connection (nobody listens; no such host, no route).
 * - `reset`: the connection broke before the answer's headers, or was reset by the other side.
 * - `http-…`: the status that came instead of a stream; `http-other` for the rest.
 * - `stalled-first-byte`, `stalled-between-chunks`: silence for longer than allowed.
 * - `truncated`: the stream ended in the middle, or without `[DONE]` and a finish reason.
 * - `malformed`: an event that is not the JSON of a completion, or a broken answer.
 * - `stream-error`: an error object with status 200, inside a stream or in its place.
 * - `redirect-refused`: a redirect to another host, or a second one.
 * - `not-vllm`: an answer that is no completion, for example an HTML page.
 * - `aborted`: the caller's signal, or the server's own abort (`finish_reason: "abort"`).
 */
export const FAILURE_REASONS = [
  "refused",
  "unreachable",
  "reset",
  "http-400",
  "http-401",
  "http-403",
  "http-404",
  "http-429",
  "http-500",
  "http-503",
  "http-other",
  "stalled-first-byte",
  "stalled-between-chunks",
  "truncated",
  "malformed",
  "stream-error",
  "redirect-refused",
  "not-vllm",
  "aborted",
] as const;
export type FailureReason = (typeof FAILURE_REASONS)[number];

/** How one attempt failed. */
export interface Failure {
  readonly kind: "failed";
  readonly reason: FailureReason;
  /** What the server or the network said, cut to a line; never holds the key. */
  readonly message: string;
  /** Seconds to wait before another attempt, where the server named them (`Retry-After`). */
  readonly retryAfterSeconds?: number;
}

/** How one attempt ended. */
export type Outcome = { readonly kind: "completed" } | Failure;
