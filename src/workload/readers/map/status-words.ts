import type { UnservedStatus } from "../trace-format.ts";

/** What a status says of a request. */
export type Outcome = "answered" | UnservedStatus;

/** Words that mean the same for everybody, lower case; codes of HTTP are told by their digits. */
const WORDS: Readonly<Record<Outcome, readonly string[]>> = {
  answered: [
    ...["ok", "success", "successful", "succeeded", "complete", "completed", "done", "finished"],
    // Why an answer ended, as OpenAI, Anthropic and vLLM write it.
    ...["true", "stop", "length", "tool_calls", "function_call", "eos", "eos_token"],
    ...["end_turn", "max_tokens", "stop_sequence", "tool_use", "content_filter"],
  ],
  failed: [
    ...["error", "errored", "err", "fail", "failed", "failure", "exception", "false"],
    ...["timeout", "timed_out"],
  ],
  rejected: ["rejected", "throttled", "rate_limited", "ratelimited", "overloaded", "shed"],
  cancelled: [
    ...["cancelled", "canceled", "aborted", "abort", "interrupted"],
    ...["client_disconnect", "client_disconnected", "disconnected"],
  ],
};

const OUTCOME_OF = new Map(
  Object.entries(WORDS).flatMap(([outcome, words]) =>
    words.map((word) => [word, outcome as Outcome] as const)
  ),
);

/** Too many requests, and a client that went away (nginx). */
const CODES: Readonly<Record<string, Outcome>> = { "429": "rejected", "499": "cancelled" };

/** What is expected of a status, for messages. */
export const KNOWN_STATUSES =
  "a status that is known (a code of HTTP, ok, success, completed, true, error, failed, rejected, …)";

/**
 * What a status says, by the usual words and codes of HTTP; undefined for a word that nobody can tell,
 * such as 0 and 1.
 *
 * @param answered words that mean an answer, with x for any digit (`2xx`): all else is none then
 */
export function outcomeOf(status: string, answered?: readonly string[]): Outcome | undefined {
  // A table that was saved again may have 200.0.
  const word = status.trim().toLowerCase().replace(/^(\d+)\.0+$/, "$1");
  const usual = OUTCOME_OF.get(word) ?? CODES[word] ?? httpOutcome(word);
  if (answered === undefined) return usual;
  if (answered.some((each) => matches(word, each.trim().toLowerCase()))) return "answered";
  return usual === undefined || usual === "answered" ? "failed" : usual;
}

function httpOutcome(word: string): Outcome | undefined {
  if (!/^[1-5]\d\d$/.test(word)) return undefined;
  return word.startsWith("2") ? "answered" : "failed";
}

function matches(word: string, pattern: string): boolean {
  if (!/^[\dx]*\d[\dx]*$/.test(pattern) || !pattern.includes("x")) return word === pattern;
  return word.length === pattern.length &&
    [...pattern].every((sign, at) => sign === "x" ? /\d/.test(word[at]) : sign === word[at]);
}
