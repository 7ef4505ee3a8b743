import fc from "fast-check";
import { expect, test } from "vitest";
import { simulate } from "../../src/paper/simulate.ts";
import { PAPER_POLICIES } from "../../src/paper/policies.ts";
import { beliefOf } from "../../src/runs/beliefs.ts";
import { L4_QWEN15_1_8B } from "../../src/servers/costs/presets.ts";
import type { Run } from "../../src/runs/run.ts";
import { handWorkload, plainCost } from "../support/workloads.ts";
import { type NaiveOptions, type NaiveRun, naiveWorker } from "./naive-worker.ts";

/** A tick of 2⁻¹⁰ s: sums of whole ticks are exact, so that ties are ties in both implementations. */
const TICK = 2 ** -10;

interface Row {
  readonly gap: number;
  readonly tier: number;
  readonly category: number;
  readonly prompt: number;
  readonly output: number;
}

function rowsOf(gap: fc.Arbitrary<number>, longest: number): fc.Arbitrary<Row[]> {
  const row = fc.record({
    gap,
    tier: fc.nat(2),
    category: fc.nat(3),
    prompt: fc.integer({ min: 1, max: 700 }),
    output: fc.oneof(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: longest })),
  });
  return fc.array(row, { minLength: 1, maxLength: 60, size: "max" });
}

function workloadOf(rows: readonly Row[], share: number, pause: number) {
  const first = Math.min(Math.floor(rows.length * share), rows.length - 1);
  let now = 0;
  return handWorkload({
    arrival: rows.map(({ gap }, i) => (now = (i === first ? 0 : now) + gap)),
    tier: rows.map(({ tier }) => tier),
    category: rows.map(({ category }) => category),
    promptTokens: rows.map(({ prompt }) => prompt),
    outputTokens: rows.map(({ output }) => output),
    phases: first === 0 ? undefined : [
      { name: "first", first: 0, afterDrainSeconds: 0 },
      { name: "second", first, afterDrainSeconds: pause },
    ],
  });
}

const gatewayOptions = {
  policy: fc.constantFrom(...PAPER_POLICIES),
  calibrate: fc.boolean(),
  learnAgainst: fc.constantFrom("base" as const, "estimate" as const),
  feedbackOrder: fc.constantFrom("completion" as const, "arrival" as const),
};

function simulated(workload: ReturnType<typeof handWorkload>, options: NaiveOptions): Run {
  const { policy, calibrate, learnAgainst, feedbackOrder, cost, ...microBatch } = options;
  const calibrator = calibrate ? "ema" : "none";
  return simulate(workload, {
    scheduler: {
      policy,
      estimator: { options: { counting: "tokenizer", calibrator, learnAgainst } },
      feedbackOrder,
    },
    dispatch: { rule: "micro-batch", ...microBatch },
    server: { batching: "static", cost },
  });
}

/** Rows in the order in which a run learned from them. */
function learnedOrder({ feedbackPlace }: Run): number[] {
  const order: number[] = [];
  feedbackPlace.forEach((place, row) => (order[place] = row));
  return order;
}

/** Everything that can be compared exactly, by the names of {@link NaiveRun}. */
function decisions(run: Run | NaiveRun): Record<string, number[]> {
  const learned = "learned" in run ? run.learned : learnedOrder(run);
  const factor = "learned" in run ? run.factor : beliefOf(run, "factor");
  const { batch, batchSize, estimatedOutput } = run;
  return {
    batch: [...batch],
    batchSize: [...batchSize],
    estimatedOutput: [...estimatedOutput],
    factor: [...factor],
    learned,
  };
}

const INSTANTS = ["arrival", "start", "finish", "phaseStart"] as const;

test("on exact ticks the engine does just what a walk from event to event does, ties included", () => {
  const tick = (...ticks: number[]) => fc.constantFrom(...ticks.map((count) => count * TICK));
  const settings = fc.record({
    ...gatewayOptions,
    maxBatch: fc.integer({ min: 1, max: 6 }),
    windowSeconds: tick(0, 1, 4, 8, 10),
    pollSeconds: tick(1, 2, 3, 5, 20),
    idleSeconds: tick(1, 7, 64, 1000),
    cost: fc.record({
      base: fc.integer({ min: 1, max: 9 }),
      perSequence: fc.nat(3),
      context: fc.nat(2),
      prefill: fc.nat(2),
      request: fc.nat(4),
    }).map(({ base, perSequence, context, prefill, request }) =>
      plainCost({
        base: (b) => (base + perSequence * b) * TICK,
        perContextToken: (b) => context * b * TICK / 1024,
        perPrefillToken: prefill * TICK / 64,
        perRequest: request * TICK,
      })
    ),
  });
  fc.assert(
    fc.property(
      rowsOf(tick(0, 0, 1, 2, 3, 5, 8, 10, 40, 2000), 40),
      fc.constantFrom(0, 0.3, 0.5, 0.9),
      tick(0, 1, 64, 15 * 1024),
      settings,
      (rows, share, pause, options) => {
        const workload = workloadOf(rows, share, pause);
        const naive = naiveWorker(workload, options);
        const run = simulated(workload, options);
        for (const instant of INSTANTS) expect([...run[instant]]).toEqual(naive[instant]);
        expect(decisions(run)).toEqual(decisions(naive));
      },
    ),
    { numRuns: 1500 },
  );
});

test("with the paper's worker on an L4 both agree to 1e-9 of the time, and in every decision", () => {
  // Longest gaps and sleeps share no multiple: a tie would be decided by rounding, and differently.
  const gap = fc.oneof(
    fc.integer({ min: 0, max: 2 ** 30 }).map((x) => x / 2 ** 30 * 0.0199),
    fc.integer({ min: 0, max: 2 ** 30 }).map((x) => x / 2 ** 30 * 3.97),
  );
  const settings = fc.record({
    ...gatewayOptions,
    maxBatch: fc.constantFrom(1, 2, 8, 32),
    windowSeconds: fc.constantFrom(0, 0.01),
    pollSeconds: fc.constant(0.005),
    idleSeconds: fc.constantFrom(1, 0.0314159),
    cost: fc.constant(L4_QWEN15_1_8B),
  });
  fc.assert(
    fc.property(
      rowsOf(gap, 512),
      fc.constantFrom(0, 0.5),
      fc.constantFrom(0, 15),
      settings,
      (rows, share, pause, options) => {
        const workload = workloadOf(rows, share, pause);
        const naive = naiveWorker(workload, options);
        const run = simulated(workload, options);
        for (const instant of INSTANTS) {
          const far = [...run[instant]].filter((t, i) =>
            !(Math.abs(t - naive[instant][i]) <= 1e-9 * Math.max(t, 1))
          );
          expect(far).toEqual([]);
        }
        expect(decisions(run)).toEqual(decisions(naive));
      },
    ),
    { numRuns: 200 },
  );
});
