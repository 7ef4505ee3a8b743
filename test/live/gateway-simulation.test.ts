import { describe, expect, test } from "vitest";
import type { DispatchInput } from "../../src/gateway/dispatch.ts";
import type { GatewayOptionsInput } from "../../src/gateway/gateway-options.ts";
import type { Entry } from "../../src/live/journal/entry.ts";
import { JournaledGateway } from "../../src/live/journaled-gateway.ts";
import { nextAfter } from "../../src/math/next-after.ts";
import { paperScheduler } from "../../src/paper/scheduler.ts";
import { paperWorkload } from "../../src/paper/workload.ts";
import type { Run } from "../../src/runs/run.ts";
import { FINISHED } from "../../src/servers/continuous/event-log.ts";
import { L4_QWEN15_1_8B_SERVER } from "../../src/servers/continuous/presets.ts";
import { type ServerInput, serverOf, startServer } from "../../src/servers/server.ts";
import { simulate } from "../../src/simulation/simulate.ts";
import type { Workload } from "../../src/workload/workload.ts";
import { measured } from "./support/measured.ts";

/**
 * Runs the gateway of a live run by hand in front of servers in virtual time. The clock goes from one
 * instant at which anything may happen to the next; all servers go along, so none is ever ahead.
 */
function byHand(workload: Workload, options: GatewayOptionsInput, servers: readonly ServerInput[]) {
  const { requests, truth } = workload;
  const gateway = new JournaledGateway(requests, { servers: servers.length, options });
  const instances = servers.map((server) =>
    startServer(serverOf(server), { ...requests, outputTokens: truth.outputTokens })
  );
  const journal: Entry[] = [];
  gateway.begin({ at: 0, epochSeconds: 0 });
  for (let now = 0, turns = 0;; turns++) {
    if (turns > 1e6) throw new Error(`the run does not end: ${gateway.left} left at ${now}`);
    gateway.tick(now);
    const { entries, commands } = gateway.take();
    journal.push(...entries);
    for (const command of commands) {
      if (command.do !== "send") throw new Error(`${command.do} in a world without faults`);
      instances[command.server].submit(command.request, now, command.priority);
    }
    if (gateway.ended) return { gateway, journal };
    const due = instances.map((instance) => instance.due);
    // What is due at this very instant happens once it is past.
    const least = Math.min(...due.map((at) => at > now ? at : nextAfter(now)));
    const until = Math.min(gateway.nextTimer(now), least);
    now = instances.length === 1 ? instances[0].advance(gateway.nextTimer(now)) : until;
    instances.forEach((instance, server) => {
      if (instances.length > 1 && instance.advance(until) !== until) throw new Error("went ahead");
      for (const request of finishedIn(instance.events)) {
        gateway.completed(request, 1, {
          at: now,
          measured: measured({
            firstToken: instances[server].firstToken[request],
            lastToken: now,
            completionTokens: truth.outputTokens[request],
            words: truth.outputWords![request],
          }),
        });
      }
    });
  }
}

function finishedIn({ size, kind, request }: ReturnType<typeof startServer>["events"]): number[] {
  return Array.from({ length: size }, (_, i) => i)
    .filter((i) => kind[i] === FINISHED)
    .map((i) => request[i]);
}

function expectClose(a: Float64Array, b: Float64Array, what: string) {
  const far = [...a].filter((at, i) =>
    Number.isNaN(at) !== Number.isNaN(b[i]) || Math.abs(at - b[i]) > 1e-9 * Math.max(1, at)
  );
  expect(far, what).toEqual([]);
}

/** Everything that was decided is the same, times to the bit or to 1e-9, and a replay is so to the bit. */
function expectSame(
  workload: Workload,
  run: Run,
  { live, options, servers }: {
    live: ReturnType<typeof byHand>;
    options: GatewayOptionsInput;
    servers: number;
  },
) {
  const { record, scheduler, phaseStart } = live.gateway;
  expect(scheduler.record.estimatedOutput).toEqual(run.estimatedOutput);
  expect(scheduler.beliefs).toEqual(run.beliefs);
  expect(scheduler.record.feedbackPlace).toEqual(run.feedbackPlace);
  for (const column of ["server", "batch", "batchSize"] as const) {
    expect(record[column], column).toEqual(run[column]);
  }
  // Of several servers each is walked step by step here, and its times are sums of other parts.
  const same = servers === 1
    ? (a: Float64Array, b: Float64Array, what: string) => expect(a, what).toEqual(b)
    : expectClose;
  same(scheduler.record.queuedAt, run.arrival, "arrival");
  for (const column of ["start", "firstToken", "finish"] as const) {
    same(record[column], run[column], column);
  }
  same(phaseStart, run.phaseStart, "phaseStart");

  const again = new JournaledGateway(workload.requests, { servers, options });
  for (const entry of live.journal) again.replay(entry);
  expect(again.scheduler.record).toEqual(scheduler.record);
  expect(again.scheduler.beliefs).toEqual(scheduler.beliefs);
  expect(again.scheduler.factors()).toEqual(scheduler.factors());
  expect(again.record).toEqual(record);
}

const RULES: readonly DispatchInput[] = [
  { rule: "in-flight", window: 24 },
  { rule: "pass-through" },
  { rule: "micro-batch" },
];
const POLICIES = ["fifo", "sjf", "weighted", "aging"] as const;
const workload = paperWorkload({ seed: 3, requests: 400 });

/** As `simulate` makes it of a server whose queue is to follow the gateway's order. */
const byPriority = { config: { ...L4_QWEN15_1_8B_SERVER, scheduling_policy: "priority" } } as const;

const CELLS = POLICIES.flatMap((policy) =>
  (["ema", "none"] as const).flatMap((calibrator) =>
    RULES.filter(({ rule }) => rule !== "pass-through" || policy === "fifo" || policy === "sjf")
      .map((dispatch) => ({ policy, calibrator, dispatch }))
  )
);

function optionsOf({ policy, calibrator, dispatch }: (typeof CELLS)[number]): GatewayOptionsInput {
  return {
    scheduler: paperScheduler({ policy, estimator: { options: { calibrator } } }),
    dispatch,
  };
}

describe.each(CELLS)("as simulate(): $policy, calibrator $calibrator, $dispatch.rule", (cell) => {
  const options = optionsOf(cell);
  const usual: ServerInput = cell.dispatch.rule === "micro-batch"
    ? { batching: "static" }
    : cell.dispatch.rule === "pass-through"
    ? byPriority
    : {};

  test("in front of one server", () => {
    const live = byHand(workload, options, [usual]);
    const run = simulate(workload, options);
    expectSame(workload, run, { live, options, servers: 1 });
  });

  test("in front of three servers, which are not alike", () => {
    const small = { config: { ...L4_QWEN15_1_8B_SERVER, ...usual.config, max_num_seqs: 3 } };
    const servers = [usual, { ...usual, ...small }, usual];
    const live = byHand(workload, options, servers);
    const run = simulate(workload, { ...options, server: servers });
    expect(new Set(run.server)).toEqual(new Set([0, 1, 2]));
    expectSame(workload, run, { live, options, servers: 3 });
  });
});

test("micro-batches in front of a continuous server are handed back together, yet stream", () => {
  const options: GatewayOptionsInput = {
    scheduler: paperScheduler({ policy: "sjf" }),
    dispatch: { rule: "micro-batch", maxBatch: 8 },
  };
  const live = byHand(workload, options, [{}]);
  const run = simulate(workload, { ...options, server: {} });
  expectSame(workload, run, { live, options, servers: 1 });
  for (let batch = 0; batch <= Math.max(...run.batch); batch++) {
    const members = [...run.batch.keys()].filter((row) => run.batch[row] === batch);
    expect(new Set(members.map((row) => run.start[row])).size).toBe(1);
    expect(new Set(members.map((row) => run.finish[row])).size).toBe(1);
    expect(members.every((row) => run.firstToken[row] <= run.finish[row])).toBe(true);
  }
  expect(run.firstToken.some((at, row) => at < run.finish[row])).toBe(true);
});
