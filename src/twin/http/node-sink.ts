import type { ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { Sink } from "../reply.ts";

/** Resets a connection: the other side is told that it broke, not that it ended. */
export function resetSocket(socket: Socket | null): void {
  if (socket === null || socket.destroyed) return;
  // What was written before may still be on its way: it goes first, as from a server that dies.
  setImmediate(() => socket.resetAndDestroy());
}

/** A reply's way out through a response of `node:http`. */
export function nodeSink(
  response: ServerResponse,
  headers: Readonly<Record<string, string>>,
): Sink {
  return {
    openStream() {
      response.writeHead(200, { ...headers, "content-type": "text/event-stream; charset=utf-8" });
      response.flushHeaders();
    },
    write: (text) => void response.write(text),
    end: () => void response.end(),
    send: (status, json) => sendJson(response, { status, json, headers }),
    reset: () => resetSocket(response.socket),
  };
}

/** Answers with JSON, its length stated. */
export function sendJson(
  response: ServerResponse,
  { status, json, headers }: {
    readonly status: number;
    readonly json: string;
    readonly headers: Readonly<Record<string, string>>;
  },
): void {
  const bytes = new TextEncoder().encode(json);
  response.writeHead(status, {
    ...headers,
    "content-type": "application/json",
    "content-length": String(bytes.length),
  });
  response.end(bytes);
}
