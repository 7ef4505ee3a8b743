import type { AttemptFailure } from "../gateway/gateway.ts";
import type { FailureReason } from "./client/failure.ts";

/**
 * What a failed attempt means.
 * - `retry`: the same request may succeed later. What it has brought is thrown away first, so that
 *   nothing counts twice.
 * - `reject`: the server will not take this request, ever.
 */
export type Verdict = Pick<AttemptFailure, "then" | "server">;

const VERDICTS: { readonly [R in FailureReason]: Verdict } = {
  refused: { then: "retry", server: "dead" },
  unreachable: { then: "retry", server: "dead" },
  reset: { then: "retry", server: "sick" },
  "http-400": { then: "reject" },
  "http-401": { then: "reject" },
  "http-403": { then: "reject" },
  "http-404": { then: "reject" },
  "http-429": { then: "retry" },
  "http-500": { then: "retry", server: "sick" },
  "http-503": { then: "retry", server: "sick" },
  "http-other": { then: "retry", server: "sick" },
  "stalled-first-byte": { then: "retry", server: "sick" },
  "stalled-between-chunks": { then: "retry", server: "sick" },
  truncated: { then: "retry", server: "sick" },
  malformed: { then: "retry" },
  "stream-error": { then: "retry" },
  "redirect-refused": { then: "reject" },
  "not-vllm": { then: "retry", server: "sick" },
  aborted: { then: "retry" },
};

/** What to do about a failure, by its name. */
export function verdictOf(reason: FailureReason, status: number | null): Verdict {
  // Of the statuses without a name, those that blame the request: 405, 413, 415, 422 …
  if (reason === "http-other" && status !== null && status >= 400 && status < 500) {
    return { then: status === 408 || status === 425 ? "retry" : "reject" };
  }
  return VERDICTS[reason];
}
