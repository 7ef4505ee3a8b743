import fc from "fast-check";
import { expect, test } from "vitest";
import type { CalibratedColumns } from "../../src/estimation/estimators/calibrated-columns.ts";
import { Gateway } from "../../src/gateway/gateway.ts";
import { GatewayOptions } from "../../src/gateway/gateway-options.ts";
import { GatewayState } from "../../src/gateway/gateway-state.ts";
import type { FleetView } from "../../src/gateway/routers/router.ts";
import { simulate } from "../../src/paper/simulate.ts";
import { paperScheduler } from "../../src/paper/scheduler.ts";
import type { PolicyView } from "../../src/policies/policy.ts";
import { beliefOf } from "../../src/runs/beliefs.ts";
import { serverOf, startServer } from "../../src/servers/server.ts";
import { driveVirtually } from "../../src/simulation/drive-virtually.ts";
import { POLICIES } from "../../src/policies/registry.ts";
import { Scheduler } from "../../src/gateway/scheduler.ts";
import { paperWorkload } from "../../src/paper/workload.ts";
import type { Requests, Workload } from "../../src/workload/workload.ts";
import { handWorkload, plainCost } from "../support/workloads.ts";

const NAMES = POLICIES.names;

test("no view that a gateway is given has a field for the true length", () => {
  // The types are the assertion: `deno check` fails when one of these lines stops being an error.
  const peeks = [
    // @ts-expect-error: requests hold no output length
    (requests: Requests) => requests.outputTokens,
    // @ts-expect-error: nor the words of an answer
    (requests: Requests) => requests.outputWords,
    // @ts-expect-error: nor what leads to them
    (requests: Requests) => requests.truth,
    // @ts-expect-error: policies see no output length
    (view: PolicyView) => view.outputTokens,
    // @ts-expect-error: nor the length observed later
    (view: PolicyView) => view.actualOutput,
    // @ts-expect-error: nor the requests, and through them anything else
    (view: PolicyView) => view.requests,
    // @ts-expect-error: the estimate is made without it
    (columns: CalibratedColumns) => columns.outputTokens,
    // @ts-expect-error: a router sees servers, and no requests
    (fleet: FleetView) => fleet.requests,
    // @ts-expect-error: the gateway cannot be handed a whole workload
    (workload: Workload) => new Scheduler(workload),
  ];
  const { requests } = paperWorkload({ requests: 3 });
  expect(peeks.slice(0, 3).map((peek) => (peek as (r: Requests) => unknown)(requests)))
    .toEqual([undefined, undefined, undefined]);
});

/** Requests that are told a cap far beyond their length still fit. */
const ROOMY = { max_model_len: 2 ** 21, num_gpu_blocks: 2 ** 18 };

/** A truth whose lengths can be read only while `engineRuns()`. */
function guarded(truth: Workload["truth"], engineRuns: () => boolean): Workload["truth"] {
  const guard = <T extends object>(target: T): T =>
    new Proxy(target, {
      get(from, key) {
        if (!engineRuns()) throw new Error(`Somebody peeked at ${String(key)} of the truth`);
        const value = Reflect.get(from, key);
        return typeof value === "object" && value !== null ? guard(value) : value;
      },
    });
  return guard(truth);
}

test.each(NAMES)("a gateway with %s never reads the truth, an engine alone does", (policy) => {
  const honest = paperWorkload({ seed: 5, requests: 300 });
  let inside = false;
  let engineReads = 0;
  const workload: Workload = {
    ...honest,
    truth: guarded(honest.truth, () => {
      if (!inside) engineReads++;
      return !inside;
    }),
  };
  const scheduled = <T>(work: () => T): T => {
    inside = true;
    try {
      return work();
    } finally {
      inside = false;
    }
  };
  // Everything that the gateway does happens within one of these calls.
  class Watched extends Gateway {
    override begin(start: { readonly at: number }) {
      scheduled(() => super.begin(start));
    }
    override tick(now: number) {
      scheduled(() => super.tick(now));
    }
    override nextTimer(now: number) {
      return scheduled(() => super.nextTimer(now));
    }
    override completed(...answer: Parameters<Gateway["completed"]>) {
      scheduled(() => super.completed(...answer));
    }
  }
  const server = serverOf({ batching: "static", cost: plainCost({ base: 0.02 }) });
  const instance = startServer(server, { ...workload.requests, ...workload.truth });
  const options = scheduled(() =>
    GatewayOptions.parse({
      scheduler: paperScheduler({ policy }),
      dispatch: { rule: "micro-batch" },
    })
  );
  const state = scheduled(() => new GatewayState(workload.requests, { servers: 1, options }));
  const gateway = scheduled(() =>
    new Watched(state, options, {
      outlet: {
        send: (request) => {
          // The server's own doing, on the gateway's call.
          inside = false;
          const taken = instance.submit(request, state.record.start[request]);
          inside = true;
          return taken;
        },
      },
    })
  );
  driveVirtually(gateway, {
    servers: [instance],
    truth: workload.truth,
    endsReachOthers: false,
    hearsTokens: false,
  });
  expect(state.record.finish.every((finish) => finish > 0)).toBe(true);
  expect(state.scheduler.record.feedbackPlace.every((place) => place >= 0)).toBe(true);
  expect(engineReads).toBeGreaterThan(300);
  // The guard itself works.
  expect(() => scheduled(() => workload.truth.outputTokens[0])).toThrow("peeked");
});

const COST = plainCost({ base: (b: number) => 0.01 + 0.001 * b });
const STATIC = { batching: "static", cost: COST } as const;
const WORLDS = [
  { dispatch: { rule: "micro-batch", maxBatch: 4, idleSeconds: 0.05 }, server: STATIC },
  { dispatch: { rule: "micro-batch", maxBatch: 4, idleSeconds: 0.05 }, server: [STATIC, STATIC] },
  {
    dispatch: { rule: "in-flight", window: 2 },
    server: [{ config: ROOMY, cost: COST }, { config: ROOMY, cost: COST }],
  },
] as const;

const request = fc.record({
  gap: fc.integer({ min: 0, max: 400 }).map((ms) => ms / 1000),
  tier: fc.nat(2),
  category: fc.nat(3),
  length: fc.integer({ min: 1, max: 60 }),
  otherLength: fc.option(fc.integer({ min: 1, max: 60 })),
  prompt: fc.integer({ min: 1, max: 50 }),
});

test.each(NAMES)("until an answer is there, %s decides the same whatever its length", (policy) => {
  // Bases as short as the answers, so that every answer moves a factor and with it an estimate.
  const baseTokens = { short_qa: 10, summary: 20, technical: 30, report: 40 };
  fc.assert(
    fc.property(
      fc.array(request, { minLength: 2, maxLength: 40, size: "max" }),
      fc.nat(),
      fc.constantFrom(0, 0.3, 15),
      fc.constantFrom(...WORLDS),
      (rows, pick, pause, world) => {
        let now = 0;
        const half = Math.floor(rows.length / 2);
        const arrival = rows.map(({ gap }, i) => (now = (i === half ? 0 : now) + gap));
        // The first rows are as they are, some of the later ones have another length.
        const changes = rows.map(({ otherLength }, i) =>
          otherLength !== null && i >= pick % rows.length
        );
        const runOf = (changed: boolean) =>
          simulate(
            handWorkload({
              arrival,
              tier: rows.map(({ tier }) => tier),
              category: rows.map(({ category }) => category),
              promptTokens: rows.map(({ prompt }) => prompt),
              outputTokens: rows.map(({ length, otherLength }, i) =>
                changed && changes[i] ? otherLength! : length
              ),
              phases: [
                { name: "first", first: 0, afterDrainSeconds: 0 },
                { name: "second", first: half, afterDrainSeconds: pause },
              ],
            }),
            {
              scheduler: { policy, estimator: { options: { counting: "tokenizer", baseTokens } } },
              ...world,
            },
          );
        const [run, other] = [runOf(false), runOf(true)];
        // Nobody can tell the two worlds apart before the first changed answer is there in either.
        const horizon = Math.min(
          ...[run, other].flatMap(({ finish }) => [...finish].filter((_, i) => changes[i])),
        );
        const decided = ({ arrival, start, ...of }: typeof run) => {
          const factor = beliefOf({ arrival, start, ...of }, "factor");
          return rows.flatMap((_, i) => [
            arrival[i] < horizon ? [arrival[i], factor[i], of.estimatedOutput[i]] : "later",
            start[i] < horizon ? [start[i], of.server[i], of.batch[i], of.batchSize[i]] : "later",
          ]);
        };
        expect(decided(other)).toEqual(decided(run));
      },
    ),
    { numRuns: 200 },
  );
});
