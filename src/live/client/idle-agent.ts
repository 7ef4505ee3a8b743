import http from "node:http";
import https from "node:https";
import { Socket } from "node:net";
import type { Duplex } from "node:stream";

/**
 * Milliseconds a connection may wait for its next request. vLLM closes idle ones after 5 s
 * (`VLLM_HTTP_TIMEOUT_KEEP_ALIVE`); a request that meets that moment is reset, so ours go earlier.
 */
const LONGEST_IDLE = 3_000;

export interface IdleOptions {
  /** Milliseconds a connection may wait for its next request. */
  readonly longestIdle?: number;
}

/** No cap on open connections, which would throttle an open loop in silence; no delay of small writes. */
const OPTIONS = { keepAlive: true, maxSockets: Infinity, maxFreeSockets: Infinity, noDelay: true };

function closeWhenIdle(this: Duplex): void {
  this.destroy();
}

function rest(socket: Duplex, longestIdle: number): void {
  if (socket instanceof Socket) socket.setTimeout(longestIdle);
  socket.once("timeout", closeWhenIdle);
}

function wake(socket: Duplex): void {
  socket.removeListener("timeout", closeWhenIdle);
  if (socket instanceof Socket) socket.setTimeout(0);
}

/** Keeps connections for the next request, but not for as long as the server does. */
export function idleAgent(server: string, options: IdleOptions = {}): http.Agent {
  const { longestIdle = LONGEST_IDLE } = options;
  const agent = server.startsWith("https:") ? new https.Agent(OPTIONS) : new http.Agent(OPTIONS);
  const keep = agent.keepSocketAlive.bind(agent);
  agent.keepSocketAlive = (socket) => {
    // The agent says whether it keeps the socket, though its type says void, and sets a time limit
    // of its own: ours comes after.
    const kept = keep(socket);
    rest(socket, longestIdle);
    return kept;
  };
  const reuse = agent.reuseSocket.bind(agent);
  agent.reuseSocket = (socket, request) => {
    wake(socket);
    reuse(socket, request);
    // Deno's node:http sends a request again by itself when a connection that it calls reused breaks
    // before the answer: the server would work twice, and nobody would be told of the first time.
    request.reusedSocket = false;
  };
  return agent;
}

/** Closes the connections of an agent that wait for a request; those in use go on. */
export function closeIdle(agent: http.Agent): void {
  for (const sockets of Object.values(agent.freeSockets)) {
    for (const socket of [...sockets ?? []]) socket.destroy();
  }
}
