import type { IncomingHttpHeaders } from "node:http";
import { ErrorJson, messageOf } from "./event-schema.ts";
import type { Failure, FailureReason } from "./failure.ts";
import { retryAfterSeconds } from "./retry-after.ts";

/** Statuses that have a reason of their own. */
const NAMED_STATUSES = [400, 401, 403, 404, 429, 500, 503];

/** An answer that is no event stream. */
export interface RefusedAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** Parts of its body as they came. */
  readonly body: readonly Uint8Array[];
}

export function isEventStream(headers: IncomingHttpHeaders): boolean {
  return /^text\/event-stream\b/i.test(headers["content-type"] ?? "") &&
    (headers["content-encoding"] ?? "identity") === "identity";
}

/** Why an answer that is no event stream came, in the server's words. */
export function refusalOf({ status, headers, body }: RefusedAnswer): Omit<Failure, "kind"> {
  const text = decodeParts(body);
  const type = headers["content-type"] ?? "no content type";
  if (status === 200) {
    return {
      reason: "not-vllm",
      message: `an answer of ${type} instead of an event stream: ${text}`,
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
    const error = ErrorJson.safeParse(JSON.parse(text));
    return error.success ? messageOf(error.data) : null;
  } catch {
    return null;
  }
}
