import type { Gateway } from "../../src/gateway/gateway.ts";
import { nextAfter } from "../../src/math/next-after.ts";
import { FINISHED, FIRST_TOKEN, TOKEN } from "../../src/servers/continuous/event-log.ts";
import type { ServerInstance } from "../../src/servers/server-instance.ts";
import type { Truth } from "../../src/workload/workload.ts";

/**
 * A gateway in front of servers, with nothing clever: the clock goes to the least instant at which
 * the gateway or any server may do anything, and all servers go along, so that none is ever ahead of
 * another. What is due at an instant is done once the instant is past.
 */
export function driveNaively(
  gateway: Gateway,
  servers: readonly ServerInstance[],
  truth: Truth,
): void {
  const { state } = gateway;
  gateway.begin({ at: 0 });
  for (let now = 0, turns = 0;; turns++) {
    if (turns > 200_000) throw new Error(`no end: ${state.left} requests left at ${now}`);
    gateway.tick(now);
    if (state.ended) return;
    const due = servers.map((server) => server.due > now ? server.due : nextAfter(now));
    const next = Math.min(gateway.nextTimer(now), ...due);
    if (next === Infinity) return;
    now = next;
    for (const server of servers) {
      if (server.advance(now) !== now) throw new Error("a server finished before its instant");
      const { size, kind, request, at } = server.events;
      for (let i = 0; i < size; i++) {
        if (kind[i] === TOKEN || kind[i] === FIRST_TOKEN) state.progress(request[i], 1, at[i]);
      }
    }
    for (const { events, firstToken } of servers) {
      for (let i = 0; i < events.size; i++) {
        if (events.kind[i] !== FINISHED) continue;
        const request = events.request[i];
        gateway.completed(request, state.record.attempts[request], now, {
          completionTokens: truth.outputTokens[request],
          words: truth.outputWords?.[request],
          firstToken: firstToken[request],
          lastToken: events.at[i],
          cachedTokens: null,
        });
      }
    }
  }
}
