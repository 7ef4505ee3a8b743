import fc from "fast-check";
import { expect, test } from "vitest";
import { type MicroBatchOptions, serveMicroBatches } from "../../src/simulation/micro-batch.ts";
import { simulate } from "../../src/simulation/simulate.ts";
import type { AdmissionColumns } from "../../src/estimation/admission.ts";
import type { PolicyView } from "../../src/policies/policy.ts";
import { POLICIES } from "../../src/policies/registry.ts";
import { Scheduler } from "../../src/gateway/scheduler.ts";
import { paperWorkload } from "../../src/paper/workload.ts";
import type { Requests, Workload } from "../../src/workload/workload.ts";
import { handWorkload, plainCost } from "../support/workloads.ts";

const NAMES = POLICIES.map(({ name }) => name);

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
    (columns: AdmissionColumns) => columns.outputTokens,
    // @ts-expect-error: the gateway cannot be handed a whole workload
    (workload: Workload) => new Scheduler(workload),
  ];
  const { requests } = paperWorkload({ requests: 3 });
  expect(peeks.slice(0, 3).map((peek) => (peek as (r: Requests) => unknown)(requests)))
    .toEqual([undefined, undefined, undefined]);
});

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
  class Watched extends Scheduler {
    override admit(request: number, now: number) {
      scheduled(() => super.admit(request, now));
    }
    override next(now: number) {
      return scheduled(() => super.next(now));
    }
    override observe(...report: Parameters<Scheduler["observe"]>) {
      scheduled(() => super.observe(...report));
    }
  }
  const scheduler = scheduled(() => new Watched(workload.requests, { policy }));
  const options: MicroBatchOptions = {
    maxBatch: 32,
    windowSeconds: 0.01,
    pollSeconds: 0.005,
    idleSeconds: 1,
  };
  const service = serveMicroBatches(workload, scheduler, {
    ...options,
    cost: plainCost({ base: 0.02 }),
  });
  expect(service.finish.every((finish) => finish > 0)).toBe(true);
  expect(engineReads).toBeGreaterThan(300);
  // The guard itself works.
  expect(() => scheduled(() => workload.truth.outputTokens[0])).toThrow("peeked");
});

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
      (rows, pick, pause) => {
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
              scheduler: { policy, estimate: { counting: "tokenizer", baseTokens } },
              microBatch: { maxBatch: 4, idleSeconds: 0.05 },
              cost: plainCost({ base: (b: number) => 0.01 + 0.001 * b }),
            },
          );
        const [run, other] = [runOf(false), runOf(true)];
        // Nobody can tell the two worlds apart before the first changed answer is there in either.
        const horizon = Math.min(
          ...[run, other].flatMap(({ finish }) => [...finish].filter((_, i) => changes[i])),
        );
        const decided = ({ arrival, start, ...of }: typeof run) =>
          rows.flatMap((_, i) => [
            arrival[i] < horizon ? [arrival[i], of.bias[i], of.estimatedOutput[i]] : "later",
            start[i] < horizon ? [start[i], of.batch[i], of.batchSize[i]] : "later",
          ]);
        expect(decided(other)).toEqual(decided(run));
      },
    ),
    { numRuns: 200 },
  );
});
