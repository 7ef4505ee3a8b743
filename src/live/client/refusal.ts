import type { IncomingHttpHeaders } from "node:http";
import type { Failure, FailureReason } from "./failure.ts";
import { retryAfterSeconds } from "./retry-after.ts";
import { errorMessage } from "./server-words.ts";

/** Statuses that have a reason of their own. */
const NAMED_STATUSES = [400, 401, 403, 404, 429, 500, 503];

/** An answer that is neither an event stream nor a completion. */
export interface RefusedAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** Why an answer came that cannot be read, in the server's words. */
export function refusalOf(
  { status, headers, body: text }: RefusedAnswer,
): Omit<Failure, "kind"> {
  const type = headers["content-type"] ?? "no content type";
  if (status === 200) {
    return {
      reason: "not-vllm",
      message: errorText(text) ?? `an answer of ${type} instead of an event stream: ${text}`,
    };
  }
  const named = NAMED_STATUSES.includes(status);
  return {
    reason: named ? `http-${status}` as FailureReason : "http-other",
    message: `${status}: ${errorText(text) ?? (text.trim() === "" ? type : text)}`,
    retryAfterSeconds: retryAfterSeconds(headers["retry-after"]),
  };
}

/** UTF-8 text of a body that came in parts. */
export function decodeParts(parts: readonly Uint8Array[]): string {
  const decoder = new TextDecoder();
  return parts.map((part) => decoder.decode(part, { stream: true })).join("") + decoder.decode();
}

function errorText(text: string): string | null {
  try {
    return errorMessage(JSON.parse(text));
  } catch {
    return null;
  }
}
