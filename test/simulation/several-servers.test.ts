import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { DispatchInput } from "../../src/gateway/dispatch.ts";
import { Gateway } from "../../src/gateway/gateway.ts";
import { GatewayOptions } from "../../src/gateway/gateway-options.ts";
import { GatewayState } from "../../src/gateway/gateway-state.ts";
import { leastOpen } from "../../src/gateway/routers/least-open.ts";
import type { RouterDefinition } from "../../src/gateway/routers/router.ts";
import type { PolicyDefinition } from "../../src/policies/policy.ts";
import { POLICIES } from "../../src/policies/registry.ts";
import type { Run } from "../../src/runs/run.ts";
import { type ServerInput, serverOf, startServer } from "../../src/servers/server.ts";
import { simulate, type SimulateOptions } from "../../src/simulation/simulate.ts";
import type { Workload } from "../../src/workload/workload.ts";
import { handWorkload, plainCost } from "../support/workloads.ts";
import { driveNaively } from "./naive-drive.ts";

/** A tick of 2⁻¹⁰ s: sums of whole ticks are exact, so that ties are ties however they are added up. */
const TICK = 2 ** -10;

const row = fc.record({
  gap: fc.constantFrom(0, 0, 1, 2, 3, 8, 40, 500),
  tier: fc.nat(2),
  category: fc.nat(3),
  prompt: fc.integer({ min: 1, max: 90 }),
  output: fc.integer({ min: 1, max: 25 }),
});

function workloadOf(rows: readonly (typeof row extends fc.Arbitrary<infer T> ? T : never)[]) {
  let now = 0;
  const half = rows.length >> 1;
  const workload = handWorkload({
    arrival: rows.map(({ gap }, i) => (now = (i === half ? 0 : now) + gap * TICK)),
    tier: rows.map(({ tier }) => tier),
    category: rows.map(({ category }) => category),
    promptTokens: rows.map(({ prompt }) => prompt),
    outputTokens: rows.map(({ output }) => output),
    phases: half === 0 ? undefined : [
      { name: "first", first: 0, afterDrainSeconds: 0 },
      { name: "second", first: half, afterDrainSeconds: 3 * TICK },
    ],
  });
  const maxTokens = workload.truth.outputTokens;
  return { ...workload, requests: { ...workload.requests, maxTokens } };
}

const continuous = fc.record({
  step: fc.integer({ min: 1, max: 9 }),
  request: fc.nat(2),
  seats: fc.integer({ min: 1, max: 6 }),
  asynchronous: fc.boolean(),
}).map(({ step, request, seats, asynchronous }): ServerInput => ({
  config: {
    max_model_len: 128,
    max_num_seqs: seats,
    max_num_batched_tokens: 64,
    num_gpu_blocks: 40,
    async_scheduling: asynchronous,
  },
  cost: plainCost({ base: step * TICK, perRequest: request * TICK }),
}));
const batching = fc.integer({ min: 1, max: 9 }).map((step): ServerInput => ({
  batching: "static",
  cost: plainCost({ base: step * TICK }),
}));
const several: fc.Arbitrary<ServerInput[]> = fc.oneof(
  fc.array(fc.oneof(continuous, batching), { minLength: 2, maxLength: 4 }),
  // All alike: ties between servers are the rule.
  fc.tuple(continuous, fc.integer({ min: 2, max: 4 })).map(([one, n]) => Array(n).fill(one)),
);

const dispatch: fc.Arbitrary<DispatchInput> = fc.oneof(
  fc.record({ rule: fc.constant("in-flight" as const), window: fc.integer({ min: 1, max: 5 }) }),
  fc.record({ rule: fc.constant("pass-through" as const) }),
  fc.record({
    rule: fc.constant("micro-batch" as const),
    maxBatch: fc.integer({ min: 1, max: 4 }),
    windowSeconds: fc.constantFrom(0, 4 * TICK),
    pollSeconds: fc.constantFrom(TICK, 3 * TICK),
    idleSeconds: fc.constantFrom(TICK, 50 * TICK),
  }),
);

const ranked = POLICIES.all.filter(({ rank }) => rank !== undefined).map(({ name }) => name);

const world = fc.record({
  rows: fc.array(row, { minLength: 1, maxLength: 30, size: "max" }),
  servers: several,
  dispatch,
  policy: fc.constantFrom(...ranked),
  calibrator: fc.constantFrom("ema", "none"),
  feedbackOrder: fc.constantFrom("completion" as const, "arrival" as const),
});
type World = typeof world extends fc.Arbitrary<infer T> ? T : never;

const schedulerOf = ({ policy, calibrator, feedbackOrder }: World) => ({
  policy,
  estimator: { options: { calibrator, baseTokens: { short_qa: 10, report: 20 } } },
  feedbackOrder,
});

function optionsOf(given: World): SimulateOptions {
  return { scheduler: schedulerOf(given), dispatch: given.dispatch, server: given.servers };
}

const COLUMNS = [
  "status",
  "arrival",
  "start",
  "scheduled",
  "firstToken",
  "finish",
  "server",
  "preemptions",
  "batch",
  "batchSize",
  "estimatedOutput",
  "actualOutput",
  "feedbackPlace",
  "beliefs",
  "phaseStart",
] as const satisfies readonly (keyof Run)[];
const outcome = (run: Run) => COLUMNS.map((name) => [name, run[name]]);

/** The policy, with an admission that never refuses: any end may then lead to any hand-over. */
function thatMightRefuse(name: string): PolicyDefinition {
  const definition = POLICIES.named(name);
  return {
    ...definition,
    name: `${name} that might refuse`,
    create: (view, options) => {
      const policy = definition.create(view, options);
      return {
        get size() {
          return policy.size;
        },
        push: (request) => policy.push(request),
        pop: (now) => policy.pop(now),
        remove: (request) => policy.remove(request),
        mayStart: () => true,
      };
    },
  };
}

/** One instant's servers are walked one step at a time by a driver of the tests' own. */
function naively(workload: Workload, given: World) {
  const options = GatewayOptions.parse({ scheduler: schedulerOf(given), dispatch: given.dispatch });
  const { requests, truth } = workload;
  const servers = given.servers.map((each) => {
    const server = serverOf(each);
    const scheduling_policy = given.dispatch.rule === "pass-through" ? "priority" : "fcfs";
    const config = { ...server.config, scheduling_policy } as const;
    return startServer({ ...server, config }, { ...requests, outputTokens: truth.outputTokens }, {
      stepping: "stepwise",
    });
  });
  const state = new GatewayState(requests, { servers: servers.length, options });
  const gateway = new Gateway(state, options, {
    outlet: {
      send: (request, _attempt, server, priority) =>
        servers[server].submit(request, state.record.start[request], priority),
    },
  });
  driveNaively(gateway, servers, truth);
  return { ...state, servers };
}

test("servers that run ahead and servers in lockstep, step by step, come to the same to the bit", () => {
  fc.assert(
    fc.property(world, (given) => {
      const workload = workloadOf(given.rows);
      const run = simulate(workload, optionsOf(given));
      const { record, scheduler, phaseStart } = naively(workload, given);
      for (const column of ["start", "firstToken", "finish", "server", "batch"] as const) {
        expect(record[column], column).toEqual(run[column]);
      }
      expect(scheduler.record.queuedAt).toEqual(run.arrival);
      expect(scheduler.record.estimatedOutput).toEqual(run.estimatedOutput);
      expect(scheduler.record.feedbackPlace).toEqual(run.feedbackPlace);
      expect(scheduler.beliefs).toEqual(run.beliefs);
      expect(phaseStart).toEqual(run.phaseStart);
    }),
    { numRuns: 400 },
  );
});

test("where any end may reach any server, the cautious driver comes to the same to the bit", () => {
  fc.assert(
    fc.property(world, (given) => {
      const workload = workloadOf(given.rows);
      const cautious = {
        ...optionsOf(given),
        scheduler: { ...schedulerOf(given), policy: thatMightRefuse(given.policy) },
      };
      expect(outcome(simulate(workload, cautious)))
        .toEqual(outcome(simulate(workload, optionsOf(given))));
    }),
    { numRuns: 300 },
  );
});

interface Choice {
  readonly request: number;
  readonly now: number;
  readonly server: number;
  readonly open: readonly number[];
}

/** Least open, and what it saw and said. */
function watched(): { router: RouterDefinition; choices: Choice[] } {
  const choices: Choice[] = [];
  const router: RouterDefinition = {
    ...leastOpen,
    name: "watched",
    create(requests, options) {
      const inner = leastOpen.create(requests, options);
      return {
        choose(request, now, fleet) {
          const server = inner.choose(request, now, fleet);
          const open = Array.from({ length: fleet.size }, (_, each) => fleet.open(each));
          choices.push({ request, now, server, open });
          return server;
        },
      };
    },
  };
  return { router, choices };
}

test("conservation, causality, windows, the least open server, one batch at a time each", () => {
  fc.assert(
    fc.property(world, (given) => {
      const workload = workloadOf(given.rows);
      const { router, choices } = watched();
      const run = simulate(workload, { ...optionsOf(given), router });
      const rows = [...Array(run.size).keys()];
      const servers = given.servers.length;
      // Conservation.
      expect(run.status.every((code) => code === 0)).toBe(true);
      expect(run.feedbackPlace.toSorted()).toEqual(Int32Array.from(rows));
      expect(run.outputTokens).toEqual(workload.truth.outputTokens);
      expect(run.server.every((server) => server >= 0 && server < servers)).toBe(true);
      // Causality.
      for (const row of rows) {
        expect(run.start[row]).toBeGreaterThanOrEqual(run.arrival[row]);
        expect(run.scheduled[row]).toBeGreaterThanOrEqual(run.start[row]);
        expect(run.finish[row]).toBeGreaterThan(run.scheduled[row]);
        const streams = given.servers[run.server[row]].batching !== "static";
        expect(run.firstToken[row] <= run.finish[row], "first token").toBe(streams);
      }
      if (given.dispatch.rule === "micro-batch") {
        expect(choices).toEqual([]);
        for (let server = 0; server < servers; server++) {
          const here = rows.filter((row) => run.server[row] === server)
            .sort((a, b) => run.batch[a] - run.batch[b]);
          for (const [i, row] of here.entries()) {
            expect(run.batchSize[row]).toBeLessThanOrEqual(given.dispatch.maxBatch!);
            const before = here[i - 1];
            if (before === undefined || run.batch[before] === run.batch[row]) continue;
            expect(run.start[row]).toBeGreaterThanOrEqual(run.finish[before]);
          }
        }
        return;
      }
      expect(choices.map(({ request }) => request).sort((a, b) => a - b)).toEqual(rows);
      const window = given.dispatch.rule === "in-flight" ? given.dispatch.window! : Infinity;
      choices.forEach(({ request, now, server, open }, i) => {
        expect([now, server]).toEqual([run.start[request], run.server[request]]);
        // Counted from what came out of the run, not by the gateway.
        const counted = open.map((_, each) =>
          choices.slice(0, i).filter((before) =>
            before.server === each && run.finish[before.request] > now
          ).length
        );
        expect(open).toEqual(counted);
        expect(counted[server]).toBeLessThan(window);
        expect(server).toBe(counted.indexOf(Math.min(...counted)));
      });
    }),
    { numRuns: 300 },
  );
});

describe("by hand", () => {
  const second: ServerInput = {
    config: { max_model_len: 128, num_gpu_blocks: 100, async_scheduling: false },
    cost: plainCost({ base: 1 }),
  };
  const tokens = (arrival: number[], outputTokens: number[]) => {
    const workload = handWorkload({ arrival, outputTokens });
    const maxTokens = workload.truth.outputTokens;
    return { ...workload, requests: { ...workload.requests, maxTokens } };
  };

  test("the first of equals is taken, then the one with fewer; a full one is passed over", () => {
    const run = simulate(tokens([0, 0, 0, 0, 0], [9, 2, 3, 4, 1]), {
      dispatch: { rule: "in-flight", window: 2 },
      server: [second, second],
    });
    expect([...run.server]).toEqual([0, 1, 0, 1, 1]);
    expect([...run.start]).toEqual([0, 0, 0, 0, 2]);
    expect([...run.finish]).toEqual([9, 2, 3, 4, 3]);
  });

  test("provenance names each server, and the router", () => {
    const run = simulate(tokens([0], [1]), { server: [second, { ...second, name: "spare" }] });
    expect(run.provenance.engine).toMatchObject({
      router: "least-open",
      servers: [{ name: "plain" }, { name: "spare" }],
    });
  });
});
