import http from "node:http";
import https from "node:https";
import { setImmediate } from "node:timers";
import type { FailureReason } from "./failure.ts";
import { watchFraming } from "./framing-watch.ts";

/** What is sent. */
export interface HttpRequest {
  readonly method: "GET" | "POST";
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

/**
 * What comes back, in this order: `onHeaders`, any number of `onBytes`, then one of `onEnd`,
 * `onFailure`. What one of the first three throws, because what came cannot be understood, ends the call
 * with `onFailure`.
 */
export interface HttpListener {
  onHeaders(status: number, headers: http.IncomingHttpHeaders): void;
  /** Called in the turn of the event loop in which the bytes were read from the socket. */
  onBytes(bytes: Uint8Array): void;
  onEnd(): void;
  onFailure(reason: FailureReason, message: string): void;
}

/** A call under way. */
export interface HttpCall {
  /** Closes the connection; nothing is heard of the call any more. */
  cancel(): void;
  /**
   * What was wanted has come, and nothing is heard of the call any more. The connection is kept for the
   * next request where the answer ends soon, and closed where it goes on.
   */
  finish(): void;
}

const UNREACHABLE =
  /^(ENOTFOUND|EAI_|EHOST|ENET|EADDR|ETIMEDOUT|CERT_|DEPTH_|SELF_SIGNED|UNABLE_TO|ERR_TLS)/;

/** Most redirects followed, within the same origin alone. */
const MOST_REDIRECTS = 1;
/** Most interim answers (1xx) before the answer. */
const MOST_INTERIM = 16;
/** What may still come of a finished call: the chunk that ends a stream, and trailers. */
const LEFT_BYTES = 64 * 1024;
const LEFT_MS = 1000;
/**
 * One HTTP exchange over `node:http`, which hands bytes over as the socket is read, names the
 * errors of the connection and has no time limits of its own: a request may be queued for hours.
 * Everything that a server can send ends in `onEnd` or `onFailure`, and is bounded beside the body:
 * the listener bounds the body itself.
 *
 * A redirect is followed once, if it keeps the method (307, 308) and stays within the origin, so that
 * neither prompt nor key reach another host.
 */
export function httpCall(
  request: HttpRequest,
  { agent, listener }: { agent: http.Agent; listener: HttpListener },
): HttpCall {
  let over = false;
  let current: http.ClientRequest | null = null;
  let redirects = 0;
  let unwatch = () => {};

  const end = () => {
    over = true;
    unwatch();
  };
  const fail = (reason: FailureReason, message: string) => {
    if (over) return;
    end();
    current?.destroy();
    listener.onFailure(reason, message);
  };
  /** Runs what understands the server; what it throws is the server's failure, and not the process's. */
  const understand = (work: () => void) => {
    try {
      work();
    } catch (thrown) {
      fail("malformed", `an answer that can't be understood: ${messageOf(thrown)}`);
    }
  };

  const send = (url: string) => {
    let answered = false;
    let interim = 0;
    let body = 0;
    const module = url.startsWith("https:") ? https : http;
    const sent = module.request(url, { method: request.method, headers: request.headers, agent });
    current = sent;
    unwatch();
    unwatch = watchFraming(sent, () => body, (bytes) => {
      fail(answered ? "malformed" : "not-vllm", `${bytes} bytes that are no part of an answer`);
    });
    sent.on("error", (error: NodeJS.ErrnoException) => {
      // After a redirect the first request is closed, which is no failure.
      if (current !== sent) return;
      fail(reasonOf(error, answered), describe(error));
    });
    sent.on("information", () => {
      if (++interim > MOST_INTERIM) fail("not-vllm", `more than ${MOST_INTERIM} interim answers`);
    });
    sent.on("upgrade", (response, socket) => {
      socket.destroy();
      fail("not-vllm", `${response.statusCode}: an answer in another protocol than HTTP`);
    });
    // Errors come first and know more; without one the connection has ended before any answer.
    sent.on("close", () => {
      if (!answered) {
        setImmediate(() => fail("reset", "the connection was closed without an answer"));
      }
    });
    sent.on("response", (response) => {
      answered = true;
      if (over) return response.destroy();
      const status = response.statusCode ?? 0;
      if (status >= 300 && status < 400 && response.headers.location !== undefined) {
        const target = targetOf(response.headers.location, url);
        const refusal = refuseRedirect(status, new URL(url), target);
        if (refusal !== null || ++redirects > MOST_REDIRECTS) {
          return fail("redirect-refused", refusal ?? "a second redirect");
        }
        target!.username = target!.password = "";
        send(target!.href);
        return void sent.destroy();
      }
      understand(() => listener.onHeaders(status, response.headers));
      response.on("data", (bytes: Uint8Array) => {
        body += bytes.length;
        if (!over) understand(() => listener.onBytes(bytes));
      });
      response.on("end", () => {
        if (over) return;
        end();
        try {
          listener.onEnd();
        } catch (thrown) {
          listener.onFailure(
            "malformed",
            `an answer that can't be understood: ${messageOf(thrown)}`,
          );
        }
      });
      // The request's own error comes first and knows more: a reset, a broken chunk. Without one the
      // other side has closed the connection in the middle of the body.
      const cut = () => setImmediate(() => fail("truncated", "the connection was closed midway"));
      response.on("error", cut);
      response.on("aborted", cut);
      response.on("close", cut);
    });
    sent.end(request.body);
  };

  send(request.url);
  return {
    cancel() {
      end();
      current?.destroy();
    },
    finish() {
      end();
      if (current !== null) closeUnlessEnded(current);
    },
  };
}

/** Closes a call whose answer does not end soon; one that has ended has given its connection back. */
function closeUnlessEnded(sent: http.ClientRequest): void {
  let left = 0;
  const { res: response } = sent as unknown as { readonly res?: http.IncomingMessage };
  if (response === undefined || response.complete) return;
  const close = () => sent.destroy();
  const timer = setTimeout(close, LEFT_MS);
  response.on("data", (bytes: Uint8Array) => {
    left += bytes.length;
    if (left > LEFT_BYTES) close();
  });
  for (const event of ["end", "close", "error"]) response.once(event, () => clearTimeout(timer));
}

function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}

function reasonOf({ code = "" }: NodeJS.ErrnoException, answered: boolean): FailureReason {
  if (code === "ECONNREFUSED") return "refused";
  if (UNREACHABLE.test(code)) return "unreachable";
  if (code.startsWith("HPE_")) return answered ? "malformed" : "not-vllm";
  return "reset";
}

function describe({ code, message }: NodeJS.ErrnoException): string {
  return code === undefined || message.includes(code) ? message : `${code}: ${message}`;
}

/** Where a redirect leads; null: its `Location` is no address. */
function targetOf(location: string, url: string): URL | null {
  try {
    return new URL(location, url);
  } catch {
    return null;
  }
}

function refuseRedirect(status: number, from: URL, to: URL | null): string | null {
  if (to === null) return `a redirect (${status}) to what is no address`;
  if (to.origin !== from.origin) return `a redirect to another host, ${to.origin}`;
  if (status !== 307 && status !== 308) return `a redirect (${status}) that would drop the request`;
  return null;
}
