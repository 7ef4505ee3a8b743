import { substream } from "../../../src/random/substream.ts";
import { FAILURE_REASONS, type FailureReason } from "../../../src/live/client/failure.ts";
import type { Entry } from "../../../src/live/journal/entry.ts";
import { JournaledGateway } from "../../../src/live/journaled-gateway.ts";
import type { GatewayOptionsInput } from "../../../src/gateway/gateway-options.ts";
import type { Workload } from "../../../src/workload/workload.ts";
import { measured } from "./measured.ts";

/** Servers that fail as a seed says. */
export interface FakeWorldOptions {
  readonly servers: number;
  readonly seed: number;
  /** Chance that an attempt fails. */
  readonly faults: number;
  /** Chance that a probe says that the server is well. */
  readonly recovers?: number;
  readonly gateway: GatewayOptionsInput;
  /** The process dies when so many entries are written: some of them may not have been acted on. */
  readonly killAfter?: readonly number[];
}

interface Happening {
  readonly at: number;
  readonly happens: (gateway: JournaledGateway) => void;
}

/**
 * Runs a workload through a gateway whose servers are drawn: how long an attempt takes, whether and
 * how it fails. After a kill, a new gateway is made from the entries that were written.
 */
export function runFakeWorld(workload: Workload, options: FakeWorldOptions) {
  const { seed, faults, recovers = 0.7, servers } = options;
  const fresh = () =>
    new JournaledGateway(workload.requests, { servers, options: options.gateway });
  const kills = [...options.killAfter ?? []];
  const journal: Entry[] = [];
  let gateway = fresh();
  let now = 0;
  let pending: Happening[] = [];
  let probes = 0;

  const send = (request: number, attempt: number) => {
    const random = substream(seed, `fake/${request}/${attempt}`);
    const at = now + 0.01 + 2 * random.next();
    if (random.next() >= faults) {
      const found = measured({
        firstToken: now + 0.005,
        lastToken: at,
        completionTokens: workload.truth.outputTokens[request],
        words: workload.truth.outputWords?.[request] ?? 1,
      });
      pending.push({
        at,
        happens: (it) => it.completed(request, attempt, { at, measured: found }),
      });
      return;
    }
    const reason = FAILURE_REASONS[Math.floor(random.next() * FAILURE_REASONS.length)];
    const failure = { reason: reason as FailureReason, message: "as drawn" };
    const retryAfterSeconds = random.next() < 0.3 ? 5 * random.next() : undefined;
    pending.push({
      at,
      happens: (it) =>
        it.failed(request, attempt, {
          at,
          measured: measured({ status: null }),
          failure: { ...failure, retryAfterSeconds },
        }),
    });
  };

  gateway.begin({ at: 0, epochSeconds: 0 });
  for (let turns = 0;; turns++) {
    if (turns > 200_000) throw new Error("the run does not end");
    gateway.tick(now);
    const { entries, commands } = gateway.take();
    const left = kills.length > 0 ? kills[0] - journal.length : Infinity;
    journal.push(...entries.slice(0, left));
    if (entries.length >= left) {
      kills.shift();
      pending = [];
      gateway = fresh();
      for (const entry of journal) gateway.replay(entry);
      if (journal.length === 0 || !gateway.ended) {
        now = gateway.lastAt;
        gateway.begin({ at: now, epochSeconds: 0 });
      }
      continue;
    }
    for (const command of commands) {
      if (command.do === "send") send(command.request, command.attempt);
      if (command.do === "probe") {
        const { server } = command;
        const healthy = substream(seed, `fake/probe/${probes++}`).next() < recovers;
        const at = now + 0.01;
        pending.push({ at, happens: (it) => it.probed(server, at, healthy) });
      }
    }
    if (gateway.ended) return { journal, gateway };
    const next = pending.reduce((least, { at }) => Math.min(least, at), gateway.nextTimer(now));
    if (!(next > now || pending.some(({ at }) => at <= now)) || next === Infinity) {
      throw new Error(`the run stands still at ${now}, next timer ${next}`);
    }
    now = next;
    const due = pending.filter(({ at }) => at <= now);
    pending = pending.filter(({ at }) => at > now);
    for (const { happens } of due) happens(gateway);
  }
}
