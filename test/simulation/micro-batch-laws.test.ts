import fc from "fast-check";
import { expect, test } from "vitest";
import { simulate } from "../../src/paper/simulate.ts";
import type { SimulateOptions } from "../../src/simulation/simulate.ts";
import { L4 } from "../../src/servers/gpus/bundled.ts";
import { headParameters, linearParameters } from "../../src/servers/costs/model-shape.ts";
import { QWEN15_1_8B_CHAT } from "../../src/servers/models/bundled.ts";
import { POLICIES } from "../../src/policies/registry.ts";
import { type Run, STATUSES } from "../../src/runs/run.ts";
import { paperWorkload } from "../../src/paper/workload.ts";
import { handWorkload, plainCost } from "../support/workloads.ts";

const POLICY = fc.constantFrom(...POLICIES.names);
const PAPER = { maxBatch: 32, windowSeconds: 0.01, pollSeconds: 0.005, idleSeconds: 1 };

interface Batch {
  readonly start: number;
  readonly finish: number;
  readonly rows: number[];
}

/** Batches in order; checks on the way that members agree on what they share. */
function batchesOf(run: Run): Batch[] {
  const batches: Batch[] = [];
  for (let row = 0; row < run.size; row++) {
    const { start, finish } = { start: run.start[row], finish: run.finish[row] };
    const batch = (batches[run.batch[row]] ??= { start, finish, rows: [] });
    batch.rows.push(row);
    if (start !== batch.start || finish !== batch.finish) expect.unreachable("a member differs");
  }
  for (const batch of batches) {
    for (const row of batch.rows) expect(run.batchSize[row]).toBe(batch.rows.length);
  }
  return batches;
}

function checkLaws(run: Run, options: typeof PAPER): void {
  const rows = [...Array(run.size).keys()];
  // Conservation: every request completes, once, and is learned from once.
  expect(run.status.every((code) => STATUSES[code] === "completed")).toBe(true);
  expect(run.feedbackPlace.toSorted()).toEqual(Int32Array.from(rows));
  // Causality.
  expect(rows.filter((row) => !(run.arrival[row] <= run.start[row]))).toEqual([]);
  expect(rows.filter((row) => !(run.start[row] < run.finish[row]))).toEqual([]);

  const batches = batchesOf(run);
  expect(batches.flatMap((batch) => batch.rows).length).toBe(run.size);
  const polls = Math.max(1, Math.ceil(options.windowSeconds / options.pollSeconds));
  const gathering = options.windowSeconds === 0 ? 0 : polls * options.pollSeconds;
  // By batch, the earliest arrival among requests that it and the later ones serve.
  const oldest = batches.map(({ rows }) => Math.min(...rows.map((row) => run.arrival[row])));
  for (let i = oldest.length - 2; i >= 0; i--) oldest[i] = Math.min(oldest[i], oldest[i + 1]);
  const slack = 1e-9;
  let free = 0;
  batches.forEach(({ start, finish, rows }, i) => {
    expect(rows.length).toBeLessThanOrEqual(options.maxBatch);
    // One batch at a time, and no idling while somebody waits: a sleep may just have begun when the
    // first one came to an empty queue, and a batch that isn't full is gathered for its window.
    expect(start).toBeGreaterThanOrEqual(free);
    const sleep = oldest[i] > free ? options.idleSeconds : 0;
    expect(start).toBeLessThanOrEqual(Math.max(free, oldest[i]) + sleep + gathering + slack);
    // Whoever waited when a batch was opened is left behind only by a full one.
    if (rows.length < options.maxBatch && i + 1 < batches.length) {
      expect(oldest[i + 1]).toBeGreaterThan(start - gathering - slack);
    }
    free = finish;
  });
}

test("random workloads: conservation, causality, one batch at a time, no idling", () => {
  const row = fc.record({
    gap: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 3000 }).map((ms) => ms / 1000)),
    tier: fc.nat(2),
    category: fc.nat(3),
    prompt: fc.integer({ min: 1, max: 300 }),
    output: fc.integer({ min: 1, max: 200 }),
  });
  const worker = fc.record({
    maxBatch: fc.integer({ min: 1, max: 9 }),
    windowSeconds: fc.constantFrom(0, 0.01, 0.1),
    pollSeconds: fc.constantFrom(0.005, 0.03),
    idleSeconds: fc.constantFrom(0.01, 1),
  });
  fc.assert(
    fc.property(
      fc.array(row, { minLength: 1, maxLength: 80, size: "max" }),
      worker,
      POLICY,
      fc.constantFrom(0, 0.2, 15),
      (rows, microBatch, policy, pause) => {
        let now = 0;
        const half = rows.length >> 1;
        const workload = handWorkload({
          arrival: rows.map(({ gap }, i) => (now = (i === half ? 0 : now) + gap)),
          tier: rows.map(({ tier }) => tier),
          category: rows.map(({ category }) => category),
          promptTokens: rows.map(({ prompt }) => prompt),
          outputTokens: rows.map(({ output }) => output),
          phases: half === 0 ? undefined : [
            { name: "first", first: 0, afterDrainSeconds: 0 },
            { name: "second", first: half, afterDrainSeconds: pause },
          ],
        });
        const run = simulate(workload, {
          scheduler: { policy, estimator: { options: { counting: "tokenizer" } } },
          dispatch: { rule: "micro-batch", ...microBatch },
        });
        checkLaws(run, microBatch);
      },
    ),
    { numRuns: 300 },
  );
});

test.each(POLICIES.names)(
  "the paper's workload under %s keeps them",
  (policy) => {
    const run = simulate(paperWorkload({ seed: 11 }), { scheduler: { policy } });
    expect(run.size).toBe(3000);
    checkLaws(run, PAPER);
    expect(Math.max(...run.batchSize)).toBe(32);
  },
);

test("a batch never beats the L4's peak bandwidth and FLOP/s", () => {
  const workload = paperWorkload({ seed: 3, requests: 600 });
  const run = simulate(workload, { scheduler: { policy: "sjf" } });
  const linear = linearParameters(QWEN15_1_8B_CHAT), head = headParameters(QWEN15_1_8B_CHAT);
  for (const { start, finish, rows } of batchesOf(run)) {
    const outputs = rows.map((row) => run.outputTokens[row]);
    const steps = Math.max(...outputs);
    const tokens = outputs.reduce((sum, n) => sum + n, 0);
    const prompts = rows.reduce((sum, row) => sum + run.requests.promptTokens[row], 0);
    const bytes = steps * 2 * (linear + head);
    const flops = 2 * (linear + head) * tokens + 2 * linear * prompts;
    expect(finish - start).toBeGreaterThan(
      Math.max(bytes / L4.peakBandwidth, flops / L4.peakFlops),
    );
  }
});

const UNIT: SimulateOptions = {
  scheduler: { estimator: { options: { counting: "tokenizer" } } },
  server: { batching: "static", cost: plainCost({ base: 1 }) },
};

test("by hand: sleeps, polls, a full batch, one that is let go when its window has passed", () => {
  const workload = handWorkload({
    // The worker sleeps at 0 and wakes at 1: one waits; the second is found at the look at 1.005, the
    // third comes too late for the window, which ends at 1.01. Two steps of 1 s. Then four wait, of
    // which three fill a batch at once; the last is alone and gathers for 10 ms.
    arrival: [0.5, 1.004, 1.006, 1.5, 2, 2.5],
    outputTokens: [2, 1, 1, 1, 1, 1],
  });
  const run = simulate(workload, { ...UNIT, dispatch: { rule: "micro-batch", maxBatch: 3 } });
  expect([...run.batch]).toEqual([0, 0, 1, 1, 1, 2]);
  const starts = [1.01, 1.01, 3.01, 3.01, 3.01, 4.02];
  starts.forEach((start, i) => expect(run.start[i]).toBeCloseTo(start, 12));
  const finishes = [3.01, 3.01, 4.01, 4.01, 4.01, 5.02];
  finishes.forEach((finish, i) => expect(run.finish[i]).toBeCloseTo(finish, 12));
});

test("the second phase starts 15 s after its predecessor's queue emptied, not after its answers", () => {
  const phases = [
    { name: "first", first: 0, afterDrainSeconds: 0 },
    { name: "second", first: 2, afterDrainSeconds: 15 },
  ] as const;
  const workload = handWorkload({
    arrival: [0, 0.002, 0.5, 0.6],
    outputTokens: [100, 1, 1, 1],
    phases: [...phases],
  });
  // The queue empties when the second is pulled at 0.005; the batch starts at 0.01 and runs for 100 s.
  const run = simulate(workload, UNIT);
  expect([...run.phaseStart]).toEqual([0, 15.005]);
  expect(run.arrival[2]).toBe(15.505);
  expect(run.start[2]).toBeCloseTo(100.02, 12);
  // Without a window the queue empties when the batch starts.
  const paper = simulate(paperWorkload({ requests: 300 }), {
    dispatch: { rule: "micro-batch", windowSeconds: 0 },
  });
  expect(paper.phaseStart[1]).toBe(Math.max(...paper.start.subarray(0, 100)) + 15);
});

test("a workload of no requests is served in no time", () => {
  const run = simulate(handWorkload({ arrival: [] }), UNIT);
  expect([run.size, run.finish.length, ...run.phaseStart]).toEqual([0, 0, 0]);
});
