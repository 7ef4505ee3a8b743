import fc from "fast-check";
import { expect, test } from "vitest";
import { POLICIES } from "../../src/policies/registry.ts";
import type { Run } from "../../src/runs/run.ts";
import { simulate } from "../../src/simulation/simulate.ts";
import { handWorkload, plainCost } from "../support/workloads.ts";

/** A step costs more with every sequence in it, so the cheapest step is that of one sequence. */
const COST = plainCost({ base: (batch) => 0.5 + batch / 8, perPrefillToken: 0.001 });

const world = fc.record({
  rows: fc.array(
    fc.record({
      gap: fc.oneof(fc.constant(0), fc.double({ min: 0, max: 3, noNaN: true })),
      prompt: fc.integer({ min: 1, max: 300 }),
      output: fc.integer({ min: 1, max: 40 }),
      tier: fc.nat(2),
    }),
    { minLength: 1, maxLength: 40 },
  ),
  policy: fc.constantFrom(...POLICIES.names),
  window: fc.integer({ min: 1, max: 6 }),
  async_scheduling: fc.boolean(),
});
type World = typeof world extends fc.Arbitrary<infer W> ? W : never;

function served({ rows, policy, window, async_scheduling }: World): Run {
  let now = 0;
  const workload = handWorkload({
    arrival: rows.map(({ gap }) => now += gap),
    promptTokens: rows.map(({ prompt }) => prompt),
    outputTokens: rows.map(({ output }) => output),
    tier: rows.map(({ tier }) => tier),
  });
  const maxTokens = workload.truth.outputTokens;
  return simulate({ ...workload, requests: { ...workload.requests, maxTokens } }, {
    scheduler: { policy },
    dispatch: { rule: "in-flight", window },
    server: {
      config: {
        max_model_len: 512,
        num_gpu_blocks: 60,
        max_num_seqs: 4,
        max_num_batched_tokens: 64,
        async_scheduling,
      },
      cost: COST,
    },
  });
}

const rowsOf = ({ size }: Run) => Array.from({ length: size }, (_, row) => row);

test("arrival ≤ start ≤ scheduled ≤ first token ≤ finish", () => {
  fc.assert(fc.property(world, (given) => {
    const run = served(given);
    for (const row of rowsOf(run)) {
      const { arrival, start, scheduled, firstToken, finish } = run;
      const instants = [arrival, start, scheduled, firstToken, finish].map((each) => each[row]);
      expect(instants.every(Number.isFinite)).toBe(true);
      expect(instants).toEqual(instants.toSorted((a, b) => a - b));
    }
  }));
});

test("while a request waits, no place of the window is free", () => {
  let waited = 0;
  fc.assert(fc.property(world, (given) => {
    const run = served(given);
    const rows = rowsOf(run);
    for (const row of rows) {
      // The number of open requests changes at these instants alone.
      const instants = [run.arrival[row], ...run.start, ...run.finish]
        .filter((at) => at >= run.arrival[row] && at < run.start[row]);
      for (const at of instants) {
        const open = rows.filter((other) => run.start[other] <= at && run.finish[other] > at);
        expect(open.length).toBe(given.window);
      }
      waited += instants.length;
    }
  }));
  expect(waited).toBeGreaterThan(100);
});

test("a free place is filled after the arrivals of the same instant", () => {
  // At 2 the first request ends, and one comes that is shorter than who has waited since 0.5.
  const run = simulate(handWorkload({ arrival: [0, 0.5, 2], promptTokens: [5, 50, 5] }), {
    scheduler: { policy: "sjf" },
    dispatch: { rule: "in-flight", window: 1 },
    server: {
      config: { max_model_len: 2 ** 21, num_gpu_blocks: 2 ** 18, async_scheduling: false },
      cost: plainCost({ base: 2 }),
    },
  });
  expect(run.finish[0]).toBe(2);
  expect([...run.start]).toEqual([0, 4, 2]);
});

test("no token comes sooner than the base cost of its step", () => {
  fc.assert(fc.property(world, (given) => {
    const run = served(given);
    const step = COST.base[1];
    for (const row of rowsOf(run)) {
      const decoding = run.finish[row] - run.firstToken[row];
      expect(decoding).toBeGreaterThanOrEqual((run.outputTokens[row] - 1) * step * (1 - 1e-12));
      expect(run.firstToken[row] - run.scheduled[row]).toBeGreaterThanOrEqual(
        COST.base[0] * (1 - 1e-12),
      );
    }
  }));
});
