import type { IncomingHttpHeaders } from "node:http";

/**
 * What the body of an answer is: a `stream` of events, a `whole` answer in one JSON, a `refusal` of
 * another kind, or `undecided` while too little of it has come.
 */
export type BodyKind = "stream" | "whole" | "refusal" | "undecided";

/** What is known of an answer when its first bytes are there. */
export interface BodyStart {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** What has come of the body. */
  readonly body: string;
}

/** How a line of an event stream begins. */
const EVENT_LINE = /^(?:data|event|id|retry)?:/;
/** The longest name of a field, and the colon behind it. */
const LONGEST_START = 6;

/**
 * What the body of an answer is, by how it begins. The content type decides what its first character
 * leaves open: some proxies call a stream text, or answer a request for a stream with one JSON under
 * either type.
 */
export function bodyKindOf({ status, headers, body }: BodyStart): BodyKind {
  if (status !== 200) return "refusal";
  if ((headers["content-encoding"] ?? "identity") !== "identity") return "refusal";
  const start = body.replace(/^\uFEFF/, "").trimStart();
  if (start === "") return "undecided";
  if (start.startsWith("{")) return "whole";
  if (isCalledStream(headers)) return "stream";
  if (EVENT_LINE.test(start)) return "stream";
  return start.length < LONGEST_START ? "undecided" : "refusal";
}

/** Whether the content type is that of an event stream. */
export function isCalledStream(headers: IncomingHttpHeaders): boolean {
  return /^text\/event-stream\b/i.test(headers["content-type"] ?? "");
}
