import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { simulate } from "../../src/paper/simulate.ts";
import type { SimulateOptions } from "../../src/simulation/simulate.ts";
import { beliefOf } from "../../src/runs/beliefs.ts";
import { POLICIES } from "../../src/policies/registry.ts";
import { STATUSES } from "../../src/runs/run.ts";
import { paperWorkload } from "../../src/paper/workload.ts";
import { handWorkload, plainCost } from "../support/workloads.ts";

/** One second a step, whatever is in it. */
const SECOND = plainCost({ base: 1 });
const SERVER = { max_model_len: 2 ** 21, num_gpu_blocks: 2 ** 18, async_scheduling: false };
const TOKENS = {
  estimator: { options: { counting: "tokenizer", classifier: "given" } },
} as const;
const WORLD = { scheduler: TOKENS, server: { config: SERVER, cost: SECOND } } as const;

describe("in-flight window", () => {
  test("keeps at most so many requests open, and fills a place as it comes free", () => {
    const workload = handWorkload({ arrival: [0, 0, 0, 0], outputTokens: [2, 5, 1, 1] });
    const run = simulate(workload, { ...WORLD, dispatch: { rule: "in-flight", window: 2 } });
    expect([...run.start]).toEqual([0, 0, 2, 3]);
    expect([...run.finish]).toEqual([2, 5, 3, 4]);
    expect([...run.firstToken]).toEqual([1, 1, 3, 4]);
  });

  test("asks the policy who goes next when a place comes free, not before", () => {
    const workload = handWorkload({
      arrival: [0, 0.1, 0.2],
      outputTokens: [3, 3, 3],
      tier: [2, 2, 0],
    });
    const run = simulate(workload, {
      ...WORLD,
      scheduler: { ...TOKENS, policy: "priority" },
      dispatch: { rule: "in-flight", window: 1 },
    });
    expect([...run.start]).toEqual([0, 6, 3]);
  });

  test("learns from a finish before it estimates what arrives at that instant", () => {
    const workload = handWorkload({ arrival: [0, 4], outputTokens: [4, 4] });
    const run = simulate(workload, { ...WORLD, dispatch: { rule: "in-flight", window: 1 } });
    expect(beliefOf(run, "factor")[1]).toBe(beliefOf(run, "factorAfter")[0]);
    expect(beliefOf(run, "factor")[1]).not.toBe(1);
  });
});

describe("pass-through", () => {
  test("hands every request over as it arrives, whatever the policy", () => {
    const workload = paperWorkload({ requests: 300 });
    const run = simulate(workload, {
      scheduler: { policy: "sjf" },
      dispatch: { rule: "pass-through" },
    });
    expect(run.start).toEqual(run.arrival);
  });

  test("tells the server the policy's order, which it follows once a place is free", () => {
    const workload = handWorkload({
      arrival: [0, 0.1, 0.2],
      outputTokens: [3, 3, 3],
      tier: [0, 2, 1],
    });
    const run = simulate(workload, {
      ...WORLD,
      server: { config: { ...SERVER, max_num_seqs: 1 }, cost: SECOND },
      scheduler: { ...TOKENS, policy: "priority" },
      dispatch: { rule: "pass-through" },
    });
    expect([...run.finish]).toEqual([3, 9, 6]);
  });

  test("refuses a policy that has no order to tell", () => {
    const options: SimulateOptions = {
      scheduler: { policy: "weighted" },
      dispatch: { rule: "pass-through" },
    };
    expect(() => simulate(paperWorkload({ requests: 100 }), options)).toThrow(
      'parameters, field policy: got "weighted", expected a policy whose order can be passed to a server',
    );
  });
});

test("a phase starts its pause after the last request of the one before has ended", () => {
  const workload = handWorkload({
    arrival: [0, 0, 1],
    outputTokens: [2, 5, 1],
    phases: [
      { name: "first", first: 0, afterDrainSeconds: 0 },
      { name: "second", first: 2, afterDrainSeconds: 15 },
    ],
  });
  const run = simulate(workload, { ...WORLD, dispatch: { rule: "in-flight", window: 8 } });
  expect([...run.phaseStart]).toEqual([0, 20]);
  expect(run.arrival[2]).toBe(21);
});

test("a request too long for the server is rejected, and the rest go on", () => {
  const workload = handWorkload({ arrival: [0, 0, 0], promptTokens: [10, 900, 10] });
  const maxTokens = Int32Array.of(1, 1000, 1);
  const run = simulate({ ...workload, requests: { ...workload.requests, maxTokens } }, {
    ...WORLD,
    server: { config: { max_model_len: 1024, num_gpu_blocks: 200 }, cost: SECOND },
    scheduler: { ...TOKENS, feedbackOrder: "arrival" },
    dispatch: { rule: "in-flight", window: 1 },
  });
  expect([...run.status].map((code) => STATUSES[code])).toEqual([
    "completed",
    "rejected",
    "completed",
  ]);
  expect(run.outputTokens[1]).toBe(-1);
  // It never had a token; that it was refused as it was handed over is known to the instant.
  expect([run.scheduled[1], run.firstToken[1]]).toEqual([NaN, NaN]);
  expect([run.start[1], run.finish[1]]).toEqual([1, 1]);
  expect(run.feedbackPlace[2]).toBe(1);
});

test("every request ends completed once, in causal order, and never too many are open", () => {
  fc.assert(
    fc.property(
      fc.array(
        fc.record({
          gap: fc.double({ min: 0, max: 3, noNaN: true }),
          prompt: fc.integer({ min: 1, max: 400 }),
          output: fc.integer({ min: 1, max: 60 }),
          tier: fc.integer({ min: 0, max: 2 }),
        }),
        { minLength: 1, maxLength: 40 },
      ),
      fc.constantFrom(...POLICIES.names),
      fc.integer({ min: 1, max: 9 }),
      fc.boolean(),
      (rows, policy, window, asynchronous) => {
        let now = 0;
        const workload = handWorkload({
          arrival: rows.map(({ gap }) => now += gap),
          promptTokens: rows.map(({ prompt }) => prompt),
          outputTokens: rows.map(({ output }) => output),
          tier: rows.map(({ tier }) => tier),
        });
        const maxTokens = workload.truth.outputTokens;
        const run = simulate({ ...workload, requests: { ...workload.requests, maxTokens } }, {
          scheduler: { ...TOKENS, policy },
          server: {
            config: {
              max_model_len: 512,
              num_gpu_blocks: 60,
              max_num_seqs: 8,
              max_num_batched_tokens: 64,
              async_scheduling: asynchronous,
            },
            cost: SECOND,
          },
          dispatch: { rule: "in-flight", window },
        });
        expect([...run.status].every((code) => code === 0)).toBe(true);
        expect(new Set(run.feedbackPlace).size).toBe(run.size);
        for (let i = 0; i < run.size; i++) {
          expect(run.start[i]).toBeGreaterThanOrEqual(run.arrival[i]);
          expect(run.firstToken[i]).toBeGreaterThan(run.start[i]);
          expect(run.finish[i]).toBeGreaterThanOrEqual(run.firstToken[i]);
          const open = rows.filter((_, j) =>
            run.start[j] <= run.start[i] && run.finish[j] > run.start[i]
          );
          expect(open.length).toBeLessThanOrEqual(window);
        }
      },
    ),
    { numRuns: 150 },
  );
});
