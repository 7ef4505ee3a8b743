import type { Gateway } from "../gateway/gateway.ts";
import type { Answer } from "../gateway/transitions.ts";
import { FINISHED, FIRST_TOKEN, TOKEN } from "../servers/continuous/event-log.ts";
import { nextAfter } from "../math/next-after.ts";
import type { ServerInstance } from "../servers/server-instance.ts";
import type { Truth } from "../workload/workload.ts";

/** What {@link driveVirtually} drives a gateway with. */
export interface VirtualWorld {
  readonly servers: readonly ServerInstance[];
  readonly truth: Truth;
  /** Whether the end of a request may lead to a hand-over at another server than its own. */
  readonly endsReachOthers: boolean;
  /** Whether the gateway hears of every token. */
  readonly hearsTokens: boolean;
}

/**
 * Runs a gateway in virtual time in front of simulated servers, to the end: what is due is done, then
 * the clock goes on to the next instant at which something is due or a request finishes. Of several
 * finishes at one instant the lower server's is reported first.
 *
 * Servers run ahead of the clock, each to its own next finish. That is exact as long as nobody hands
 * one a request at an earlier instant; where that may happen (`endsReachOthers`), no server goes
 * further than the first instant at which another might finish.
 *
 * A request that a server holds and can never end (vLLM would preempt it for ever) stays open: then
 * the run ends without it.
 */
export function driveVirtually(
  gateway: Gateway,
  { servers, truth, endsReachOthers, hearsTokens }: VirtualWorld,
): void {
  const { state } = gateway;
  /** By server: the instant of its next finish, if it has gone there already; else -1. */
  const reached = new Float64Array(servers.length).fill(-1);
  const answer: { -readonly [K in keyof Answer]: Answer[K] } = {
    completionTokens: 0,
    words: undefined,
    firstToken: NaN,
    lastToken: NaN,
    cachedTokens: null,
  };

  /** Tells the gateway of the tokens that a server's last call of `advance` brought. */
  const hear = ({ events }: ServerInstance) => {
    for (let i = 0; i < events.size; i++) {
      const kind = events.kind[i];
      if (kind === TOKEN || kind === FIRST_TOKEN) {
        state.progress(events.request[i], 1, events.at[i]);
      }
    }
  };

  /** Tells the gateway of what has finished in it. */
  const report = (server: number, now: number) => {
    const { events, firstToken } = servers[server];
    for (let i = 0; i < events.size; i++) {
      if (events.kind[i] !== FINISHED) continue;
      const request = events.request[i];
      answer.completionTokens = truth.outputTokens[request];
      answer.words = truth.outputWords?.[request];
      answer.firstToken = firstToken[request];
      answer.lastToken = events.at[i];
      gateway.completed(request, state.record.attempts[request], now, answer);
    }
  };

  const advancing = {
    reached,
    // Who hears of every token may be asked about it as soon as another server has a free place.
    conservative: endsReachOthers || hearsTokens,
    hear: hearsTokens ? hear : null,
  };
  /** Lets all servers go on to `until`, or to the first finish; returns the instant reached. */
  const advance = (until: number): number => {
    if (servers.length > 1) return advanceAll(servers, until, advancing);
    const next = servers[0].advance(until);
    advancing.hear?.(servers[0]);
    return next;
  };
  const someFinish = () =>
    servers.length > 1 ? reached.some((at) => at >= 0) : hasFinish(servers[0]);

  /** Goes on to the next hand-over or finish; who arrives on the way joins the queue. */
  const passingArrivals = (now: number): number => {
    const next = advance(gateway.nextHandOver(now));
    gateway.admitBefore(next);
    return next;
  };
  /** The same with a stop at each arrival, which is what the servers' last bits are defined by. */
  const stoppingAtArrivals = (now: number): number => {
    const handOver = gateway.nextHandOver(now);
    for (;;) {
      const until = Math.min(handOver, gateway.nextArrival);
      const next = advance(until);
      if (next !== until || until === handOver || someFinish()) return next;
      gateway.admitUpTo(until);
    }
  };
  // A policy that hears of tokens hears of arrivals among them, each at its instant.
  const passesArrivals = !hearsTokens && servers.every((server) => server.stopsWithoutTrace);

  gateway.begin({ at: 0 });
  for (let now = 0;;) {
    gateway.tick(now);
    if (state.ended) return;
    const next = passesArrivals ? passingArrivals(now) : stoppingAtArrivals(now);
    if (next === Infinity) return;
    now = next;
    if (servers.length === 1) {
      if (servers[0].events.size > 0) report(0, now);
      continue;
    }
    for (let server = 0; server < servers.length; server++) {
      if (reached[server] !== now) continue;
      report(server, now);
      reached[server] = -1;
    }
  }
}

interface Advancing {
  readonly reached: Float64Array;
  /** Whether no server may go further than the first instant at which another might finish. */
  readonly conservative: boolean;
  /** Told of each server that has gone on. */
  readonly hear: ((server: ServerInstance) => void) | null;
}

/** Advances every server to its next finish, or to the first instant that matters before it. */
function advanceAll(
  servers: readonly ServerInstance[],
  timer: number,
  advancing: Advancing,
): number {
  const { reached } = advancing;
  if (!advancing.conservative) {
    let next = timer;
    advanceTo(timer, servers, advancing);
    for (const at of reached) if (at >= 0) next = Math.min(next, at);
    return next;
  }
  for (;;) {
    // The server that can do something first goes on, as far as no other can finish before.
    let bound = timer, first = -1, least = Infinity, second = Infinity;
    for (let server = 0; server < servers.length; server++) {
      if (reached[server] >= 0) {
        bound = Math.min(bound, reached[server]);
        continue;
      }
      const { due } = servers[server];
      if (due < least) {
        first = server;
        second = least;
        least = due;
      } else second = Math.min(second, due);
    }
    if (least >= bound) {
      // Nobody can do anything before `bound`: everybody may go there.
      advanceTo(bound, servers, advancing);
      return bound;
    }
    if (least < second) {
      advanceOne(servers, first, Math.min(second, bound), advancing);
      continue;
    }
    // Several are due at one instant. What ends there comes first; then all of them pass it.
    advanceTo(least, servers, advancing);
    if (reached.includes(least)) continue;
    const past = nextAfter(least);
    for (let server = 0; server < servers.length; server++) {
      if (reached[server] < 0 && servers[server].due === least) {
        advanceOne(servers, server, past, advancing);
      }
    }
  }
}

/** Every server that has not reached a finish goes to `until`. */
function advanceTo(
  until: number,
  servers: readonly ServerInstance[],
  advancing: Advancing,
): void {
  for (let server = 0; server < servers.length; server++) {
    if (advancing.reached[server] < 0) advanceOne(servers, server, until, advancing);
  }
}

function advanceOne(
  servers: readonly ServerInstance[],
  server: number,
  until: number,
  { reached, hear }: Advancing,
): void {
  const instance = servers[server];
  const at = instance.advance(until);
  hear?.(instance);
  if (hasFinish(instance)) reached[server] = at;
}

function hasFinish({ events }: ServerInstance): boolean {
  for (let i = events.size - 1; i >= 0; i--) if (events.kind[i] === FINISHED) return true;
  return false;
}
