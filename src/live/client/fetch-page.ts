import type { Agent } from "node:http";
import type { FailureReason } from "./failure.ts";
import { httpCall, type HttpRequest } from "./http-call.ts";
import { decodeParts } from "./refusal.ts";

/** Bytes of a page at most; the `/metrics` of a server with many models have less than one million. */
const LONGEST_PAGE = 16 * 2 ** 20;

/** A whole answer. */
export interface Page {
  readonly status: number;
  readonly contentType: string;
  readonly text: string;
}

/** A server that gave no answer to the request of a page. */
export class ServerError extends Error {
  override readonly name = "ServerError";
  readonly reason: FailureReason;

  constructor(reason: FailureReason, message: string) {
    super(message);
    this.reason = reason;
  }
}

export interface PageOptions {
  readonly agent: Agent;
  /** Longest time for the whole answer. */
  readonly seconds: number;
  /** Any of them ends it. */
  readonly signals?: readonly (AbortSignal | undefined)[];
  /** A message as it may be shown. */
  readonly clean: (message: string) => string;
}

/** Fetches a whole page; rejects with a {@link ServerError} where none comes. */
export function fetchPage(request: HttpRequest, options: PageOptions): Promise<Page> {
  const signals = (options.signals ?? []).filter((signal) => signal !== undefined);
  return new Promise((resolve, reject) => {
    const parts: Uint8Array[] = [];
    let bytes = 0;
    let page = { status: 0, contentType: "" };
    const release = () => {
      clearTimeout(timer);
      for (const signal of signals) signal.removeEventListener("abort", abort);
    };
    const fail = (reason: FailureReason, message: string) => {
      release();
      call.cancel();
      reject(new ServerError(reason, options.clean(`${request.url}: ${reason}: ${message}`)));
    };
    const abort = () => fail("aborted", "the caller cancelled the request");
    const timer = setTimeout(
      () => fail("stalled-first-byte", `no answer in ${options.seconds} s`),
      options.seconds * 1000,
    );
    const call = httpCall(request, {
      agent: options.agent,
      listener: {
        onHeaders: (status, headers) => {
          page = { status, contentType: headers["content-type"] ?? "" };
        },
        onBytes: (part) => {
          bytes += part.length;
          if (bytes > LONGEST_PAGE) fail("malformed", `a page of more than ${LONGEST_PAGE} bytes`);
          else parts.push(part);
        },
        onEnd: () => {
          release();
          resolve({ ...page, text: decodeParts(parts) });
        },
        onFailure: fail,
      },
    });
    for (const signal of signals) signal.addEventListener("abort", abort, { once: true });
    if (signals.some(({ aborted }) => aborted)) abort();
  });
}
