import { expect, test } from "vitest";
import { simulate } from "../../src/engines/simulate.ts";
import { substream } from "../../src/random/substream.ts";
import { handWorkload, plainCost } from "../support/workloads.ts";

/**
 * With batches of one, no window, no sleep and a step that costs the same whatever it holds, the
 * micro-batch world is a queue in front of one server, for which there are formulas. An answer of k
 * tokens takes k × TOKEN seconds; lengths are geometric, the exponential of whole tokens.
 */
const TOKEN = 0.001;
const SEEDS = 30;
/** Share left out at both ends: the queue fills up from nothing, and empties without arrivals. */
const EDGE = 0.1;
const LOADS = [0.3, 0.6, 0.9];

/** Student's t for 29 degrees of freedom, two-sided at 0.05 / 24: all 24 intervals hold at 95 %. */
const T_SIMULTANEOUS = 3.38;

interface Class {
  /** Arrivals per second. */
  readonly rate: number;
  /** Answer lengths: geometric of this mean, or constant. Tokens. */
  readonly meanTokens: number;
  readonly constant?: boolean;
}

/** Mean and mean square of a class's service time, seconds. */
function moments({ meanTokens, constant }: Class): { s1: number; s2: number } {
  const s1 = meanTokens * TOKEN;
  if (constant) return { s1, s2: s1 * s1 };
  const p = 1 / meanTokens;
  return { s1, s2: TOKEN * TOKEN * (2 - p) / (p * p) };
}

const loadOf = (classes: readonly Class[]) =>
  classes.reduce((sum, c) => sum + c.rate * moments(c).s1, 0);

/** Mean time until the server is free as an arrival finds it: Σ λ E[S²] / 2. */
const residual = (classes: readonly Class[]) =>
  classes.reduce((sum, c) => sum + c.rate * moments(c).s2 / 2, 0);

/** Requests a seed: the busier the server, the longer its memory. */
const requestsAt = (load: number) => load < 0.5 ? 6000 : load < 0.8 ? 10_000 : 20_000;

const known = new Map<string, number[][]>();

/** {@link simulatedWaits}, kept: two laws may speak of the same runs. */
function waitsOf(classes: readonly Class[], policy: string): number[][] {
  const key = JSON.stringify([classes, policy]);
  const waits = known.get(key) ?? simulatedWaits(classes, policy);
  known.set(key, waits);
  return waits;
}

/** Mean waits by class in each of the seeds, seconds. Shape (classes, seeds). */
function simulatedWaits(classes: readonly Class[], policy: string): number[][] {
  const total = classes.reduce((sum, { rate }) => sum + rate, 0);
  const requests = requestsAt(loadOf(classes));
  const edge = Math.floor(EDGE * requests);
  const waits = classes.map((): number[] => []);
  for (let seed = 1; seed <= SEEDS; seed++) {
    const gaps = substream(seed, "theory/gaps");
    const which = substream(seed, "theory/classes");
    const sizes = substream(seed, "theory/sizes");
    let now = 0;
    const arrival: number[] = [], tier: number[] = [], tokens: number[] = [];
    for (let i = 0; i < requests; i++) {
      now -= Math.log(1 - gaps.next()) / total;
      arrival.push(now);
      let left = which.next() * total, code = 0;
      while (left >= classes[code].rate && code + 1 < classes.length) left -= classes[code++].rate;
      tier.push(code);
      const { meanTokens, constant } = classes[code];
      const u = 1 - sizes.next();
      tokens.push(
        constant ? meanTokens : 1 + Math.floor(Math.log(u) / Math.log1p(-1 / meanTokens)),
      );
    }
    // A prompt as long as its answer, at no cost: the budget that SJF goes by is the true size.
    const workload = handWorkload({ arrival, tier, outputTokens: tokens, promptTokens: tokens });
    const run = simulate(workload, {
      scheduler: {
        policy,
        estimate: {
          counting: "tokenizer",
          baseTokens: { short_qa: 1 },
          safetyFactors: {},
          inputFactorMax: 1,
        },
        calibration: { calibrator: "none" },
      },
      microBatch: { maxBatch: 1, windowSeconds: 0, idleSeconds: 1e-6 },
      cost: plainCost({ base: TOKEN }),
    });
    const sum = classes.map(() => 0), count = classes.map(() => 0);
    for (let i = edge; i < requests - edge; i++) {
      sum[tier[i]] += run.start[i] - run.arrival[i];
      count[tier[i]]++;
    }
    classes.forEach((_, k) => waits[k].push(sum[k] / count[k]));
  }
  return waits;
}

function expectAround(values: readonly number[], theory: number): void {
  const n = values.length;
  const mean = values.reduce((sum, value) => sum + value, 0) / n;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (n - 1);
  const error = Math.sqrt(variance / n);
  expect(Math.abs(mean - theory)).toBeLessThan(T_SIMULTANEOUS * error);
  // An interval that is wide enough holds anything.
  expect(T_SIMULTANEOUS * error / theory).toBeLessThan(0.15);
}

/** Three tiers whose answers differ in length, at a load. */
function tiers(load: number): Class[] {
  const shapes = [{ share: 5, meanTokens: 400 }, { share: 3, meanTokens: 1000 }, {
    share: 2,
    meanTokens: 1600,
  }];
  const scale = load / loadOf(shapes.map(({ share, ...shape }) => ({ rate: share, ...shape })));
  return shapes.map(({ share, meanTokens }) => ({ rate: share * scale, meanTokens }));
}

test.each(LOADS)(
  "FIFO at load %d waits as Pollaczek and Khinchine say, exponential service",
  (load) => {
    const classes = [{ rate: load, meanTokens: 1000 }];
    const [waits] = waitsOf(classes, "fifo");
    expectAround(waits, residual(classes) / (1 - load));
  },
);

test.each(LOADS)(
  "FIFO at load %d waits as Pollaczek and Khinchine say, constant service",
  (load) => {
    const classes = [{ rate: load, meanTokens: 1000, constant: true }];
    const [waits] = waitsOf(classes, "fifo");
    expectAround(waits, load / (2 * (1 - load)));
  },
);

test.each(LOADS)("SJF at load %d waits as in a queue with a priority for every size", (load) => {
  const meanTokens = 1000;
  const classes = [{ rate: load, meanTokens }];
  const p = 1 / meanTokens;
  // Cobham's formula with one class per size k, of share p(1 − p)^(k − 1), averaged over sizes.
  let shorter = 0, theory = 0;
  for (let k = 1, share = p; k < 60 * meanTokens; k++, share *= 1 - p) {
    const upTo = shorter + load * share * k * TOKEN;
    theory += share * residual(classes) / ((1 - shorter) * (1 - upTo));
    shorter = upTo;
  }
  const [waits] = waitsOf(classes, "sjf");
  expectAround(waits, theory);
  expect(theory).toBeLessThan(residual(classes) / (1 - load));
});

test.each(LOADS)("each tier of Priority at load %d waits as Cobham says", (load) => {
  const classes = tiers(load);
  const waits = waitsOf(classes, "priority");
  let above = 0;
  classes.forEach((tier, k) => {
    const upTo = above + tier.rate * moments(tier).s1;
    expectAround(waits[k], residual(classes) / ((1 - above) * (1 - upTo)));
    above = upTo;
  });
});

test.each(["fifo", "priority", "weighted", "aging"])(
  "%s keeps Kleinrock's conservation law: what one tier gains the others pay",
  (policy) => {
    const classes = tiers(0.6);
    const waits = waitsOf(classes, policy);
    const weighted = Array.from(
      { length: SEEDS },
      (_, seed) =>
        classes.reduce((sum, tier, k) => sum + tier.rate * moments(tier).s1 * waits[k][seed], 0),
    );
    expectAround(weighted, 0.6 * residual(classes) / (1 - 0.6));
  },
);
