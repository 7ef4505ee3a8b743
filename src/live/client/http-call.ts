import http from "node:http";
import https from "node:https";
import { setImmediate } from "node:timers";
import type { FailureReason } from "./failure.ts";

/** What is sent. */
export interface HttpRequest {
  readonly method: "GET" | "POST";
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** What comes back, in this order: `onHeaders`, any number of `onBytes`, then one of `onEnd`, `onFailure`. */
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
}

const UNREACHABLE =
  /^(ENOTFOUND|EAI_|EHOST|ENET|EADDR|ETIMEDOUT|CERT_|DEPTH_|SELF_SIGNED|UNABLE_TO|ERR_TLS)/;

/** Most redirects followed, within the same origin alone. */
const MOST_REDIRECTS = 1;

/**
 * One HTTP exchange over `node:http`, which hands bytes over as the socket is read, names the
 * errors of the connection and has no time limits of its own: a request may be queued for hours.
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

  const fail = (reason: FailureReason, message: string) => {
    if (over) return;
    over = true;
    current?.destroy();
    listener.onFailure(reason, message);
  };

  const send = (url: string) => {
    let answered = false;
    const module = url.startsWith("https:") ? https : http;
    const sent = module.request(url, { method: request.method, headers: request.headers, agent });
    current = sent;
    sent.on("error", (error: NodeJS.ErrnoException) => {
      fail(reasonOf(error, answered), describe(error));
    });
    sent.on("response", (response) => {
      answered = true;
      if (over) return response.destroy();
      const status = response.statusCode ?? 0;
      if (status >= 300 && status < 400 && response.headers.location !== undefined) {
        const target = new URL(response.headers.location, url);
        const refusal = refuseRedirect(status, new URL(url), target);
        if (refusal !== null || ++redirects > MOST_REDIRECTS) {
          return fail("redirect-refused", refusal ?? "a second redirect");
        }
        response.resume();
        target.username = target.password = "";
        return send(target.href);
      }
      listener.onHeaders(status, response.headers);
      response.on("data", (bytes: Uint8Array) => {
        if (!over) listener.onBytes(bytes);
      });
      response.on("end", () => {
        if (over) return;
        over = true;
        listener.onEnd();
      });
      // The request's own error comes first and knows more: a reset, a broken chunk. Without one the
      // other side has closed the connection in the middle of the body.
      const cut = () => setImmediate(() => fail("truncated", "the connection was closed midway"));
      response.on("error", cut);
      response.on("aborted", cut);
    });
    sent.end(request.body);
  };

  send(request.url);
  return {
    cancel() {
      over = true;
      current?.destroy();
    },
  };
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

function refuseRedirect(status: number, from: URL, to: URL): string | null {
  if (to.origin !== from.origin) return `a redirect to another host, ${to.origin}`;
  if (status !== 307 && status !== 308) return `a redirect (${status}) that would drop the request`;
  return null;
}
