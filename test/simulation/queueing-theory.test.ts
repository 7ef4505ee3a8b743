import { describe, expect, test } from "vitest";
import type { Run } from "../../src/runs/run.ts";
import { simulate, type SimulateOptions } from "../../src/simulation/simulate.ts";
import { substream } from "../../src/random/substream.ts";
import type { Workload } from "../../src/workload/workload.ts";
import { handWorkload, plainCost } from "../support/workloads.ts";

/**
 * Where a step costs the same whatever it holds, and one request is served at a time, each of the
 * worlds is a queue in front of one server, for which there are formulas. An answer of k tokens
 * takes k steps, k × TOKEN seconds; lengths are geometric, the exponential of whole tokens.
 */
const TOKEN = 0.001;
const COST = plainCost({ base: TOKEN });
const SEEDS = 30;
/** Share left out at both ends: the queue fills up from nothing, and empties without arrivals. */
const EDGE = 0.1;
const LOADS = [0.3, 0.6, 0.9];

/**
 * Student's t for 29 degrees of freedom, two-sided at 0.05 / 27: all 27 intervals hold at 95 %. (The
 * worlds serve the same requests of the same seeds: what is random is drawn once for all of them.)
 */
const T_SIMULTANEOUS = 3.43;

/** A whole prompt and a whole answer fit any step and the KV cache; a step in flight at a time. */
const ONE_AT_A_TIME = {
  max_model_len: 2 ** 16,
  max_num_batched_tokens: 2 ** 16,
  num_gpu_blocks: 2 ** 12 + 1,
  async_scheduling: false,
};

interface World {
  readonly options: SimulateOptions;
  /** When the request is served, as its place in the queue decides. */
  served(run: Run, request: number): number;
}

const WORLDS: Readonly<Record<string, World>> = {
  "micro-batches of one": {
    options: {
      dispatch: { rule: "micro-batch", maxBatch: 1, windowSeconds: 0, idleSeconds: 1e-6 },
      server: { batching: "static", cost: COST },
    },
    served: (run, request) => run.start[request],
  },
  "a continuous server behind a window of one": {
    options: {
      server: { config: ONE_AT_A_TIME, cost: COST },
      dispatch: { rule: "in-flight", window: 1 },
    },
    served: (run, request) => run.start[request],
  },
  // Requests wait in vLLM's own queue, in the order of the priorities that came with them.
  "a continuous server with one seat": {
    options: {
      server: { config: { ...ONE_AT_A_TIME, max_num_seqs: 1 }, cost: COST },
      dispatch: { rule: "pass-through" },
    },
    served: (run, request) => run.firstToken[request] - TOKEN,
  },
};
/** Worlds that know every policy: a server can't be told the order of some. */
const GATEWAYS = Object.keys(WORLDS).slice(0, 2);

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

/** Mean wait in M/G/1, first come first served. */
const pollaczekKhinchine = (classes: readonly Class[]) => residual(classes) / (1 - loadOf(classes));

/** Mean waits of classes in order of strict priority, most urgent first, nobody interrupted. */
function cobham(classes: readonly Class[]): number[] {
  let above = 0;
  return classes.map((each) => {
    const upTo = above + each.rate * moments(each).s1;
    const wait = residual(classes) / ((1 - above) * (1 - upTo));
    above = upTo;
    return wait;
  });
}

/**
 * Requests a seed: the busier the server and the more varied its work, the longer its memory. (Means
 * of runs too short for it are skewed, and Student's interval then lies too low.)
 */
function requestsOf(classes: readonly Class[]): number {
  const load = loadOf(classes);
  return load < 0.5 ? 6000 : load < 0.8 ? 10_000 : classes.length === 1 ? 20_000 : 40_000;
}

/** The requests of a seed: Poisson arrivals of all classes together. */
function drawWorkload(classes: readonly Class[], seed: number): Workload {
  const total = classes.reduce((sum, { rate }) => sum + rate, 0);
  const requests = requestsOf(classes);
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
    tokens.push(constant ? meanTokens : 1 + Math.floor(Math.log(u) / Math.log1p(-1 / meanTokens)));
  }
  // A prompt as long as its answer, at no cost: the budget that SJF goes by is the true size.
  const workload = handWorkload({ arrival, tier, outputTokens: tokens, promptTokens: tokens });
  const maxTokens = workload.truth.outputTokens;
  return { ...workload, requests: { ...workload.requests, maxTokens } };
}

const drawn = new Map<string, readonly Workload[]>();

/** Workloads of all seeds; those of the last classes are kept. */
function workloadsOf(classes: readonly Class[]): readonly Workload[] {
  const key = JSON.stringify(classes);
  let workloads = drawn.get(key);
  if (workloads === undefined) {
    workloads = Array.from({ length: SEEDS }, (_, i) => drawWorkload(classes, i + 1));
    drawn.clear();
    drawn.set(key, workloads);
  }
  return workloads;
}

const known = new Map<string, number[][]>();

/** {@link simulatedWaits}, kept: several laws speak of the same runs. */
function waitsOf(classes: readonly Class[], policy: string, world: string): number[][] {
  const key = JSON.stringify([classes, policy, world]);
  const waits = known.get(key) ?? simulatedWaits(classes, policy, world);
  known.set(key, waits);
  return waits;
}

/** Mean waits by class in each of the seeds, seconds. Shape (classes, seeds). */
function simulatedWaits(classes: readonly Class[], policy: string, world: string): number[][] {
  const { options, served } = WORLDS[world];
  const waits = classes.map((): number[] => []);
  for (const workload of workloadsOf(classes)) {
    const run = simulate(workload, {
      ...options,
      scheduler: {
        policy,
        estimator: { options: { counting: "tokenizer", baseTokens: { short_qa: 1 } } },
      },
    });
    const { codes } = workload.requests.tier;
    const edge = Math.floor(EDGE * run.size);
    const sum = classes.map(() => 0), count = classes.map(() => 0);
    for (let i = edge; i < run.size - edge; i++) {
      sum[codes[i]] += served(run, i) - run.arrival[i];
      count[codes[i]]++;
    }
    classes.forEach((_, k) => waits[k].push(sum[k] / count[k]));
  }
  return waits;
}

function expectAround(values: readonly number[], theory: number, what = ""): void {
  const n = values.length;
  const mean = values.reduce((sum, value) => sum + value, 0) / n;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (n - 1);
  const error = Math.sqrt(variance / n);
  expect(Math.abs(mean - theory), what).toBeLessThan(T_SIMULTANEOUS * error);
  // An interval that is wide enough holds anything.
  expect(T_SIMULTANEOUS * error / theory, what).toBeLessThan(0.15);
}

/** Each class's waits in each world against its theory. */
function expectEverywhere(classes: readonly Class[], policy: string, theory: readonly number[]) {
  for (const world of Object.keys(WORLDS)) {
    const waits = waitsOf(classes, policy, world);
    classes.forEach((_, k) => expectAround(waits[k], theory[k], `class ${k}, ${world}`));
  }
}

const exponential = (load: number): Class[] => [{ rate: load, meanTokens: 1000 }];
const constant = (load: number): Class[] => [{ rate: load, meanTokens: 1000, constant: true }];

/** Three tiers whose answers differ in length, at a load. */
function tiers(load: number): Class[] {
  const shapes = [{ share: 5, meanTokens: 400 }, { share: 3, meanTokens: 1000 }, {
    share: 2,
    meanTokens: 1600,
  }];
  const scale = load / loadOf(shapes.map(({ share, ...shape }) => ({ rate: share, ...shape })));
  return shapes.map(({ share, meanTokens }) => ({ rate: share * scale, meanTokens }));
}

describe.each(LOADS)("at load %d", (load) => {
  test("M/M/1: FIFO waits ρ / (μ − λ)", () => {
    const classes = exponential(load);
    // One second of service in the mean; whole tokens are 0.05 % off the exponential.
    expect(pollaczekKhinchine(classes)).toBeCloseTo(load / (1 - load), 2);
    expectEverywhere(classes, "fifo", [pollaczekKhinchine(classes)]);
  });

  test("M/G/1-SJF: it waits as in a queue with a priority for every size", () => {
    const classes = exponential(load), [{ meanTokens }] = classes;
    const p = 1 / meanTokens;
    // Cobham's formula with one class per size k, of share p(1 − p)^(k − 1), averaged over sizes.
    let shorter = 0, theory = 0;
    for (let k = 1, share = p; k < 60 * meanTokens; k++, share *= 1 - p) {
      const upTo = shorter + load * share * k * TOKEN;
      theory += share * residual(classes) / ((1 - shorter) * (1 - upTo));
      shorter = upTo;
    }
    expectEverywhere(classes, "sjf", [theory]);
    expect(theory).toBeLessThan(pollaczekKhinchine(classes));
  });

  test("M/D/1: FIFO waits half as long as in M/M/1", () => {
    expectEverywhere(constant(load), "fifo", [load / (2 * (1 - load))]);
  });

  test("M/G/1: FIFO waits as Pollaczek and Khinchine say, every class the same", () => {
    const classes = tiers(load);
    expectEverywhere(classes, "fifo", classes.map(() => pollaczekKhinchine(classes)));
  });

  test("each tier of a strict priority waits as Cobham says, nobody interrupted", () => {
    const classes = tiers(load);
    expectEverywhere(classes, "priority", cobham(classes));
  });
});

test.each(["fifo", "priority", "weighted", "aging"])(
  "%s keeps Kleinrock's conservation law: what one tier gains the others pay",
  (policy) => {
    const classes = tiers(0.6);
    for (const world of GATEWAYS) {
      const waits = waitsOf(classes, policy, world);
      const weighted = Array.from(
        { length: SEEDS },
        (_, seed) =>
          classes.reduce((sum, tier, k) => sum + tier.rate * moments(tier).s1 * waits[k][seed], 0),
      );
      expectAround(weighted, 0.6 * pollaczekKhinchine(classes), world);
    }
  },
);

test("the intervals are narrow enough to tell a neighbouring queue apart", () => {
  const [world] = GATEWAYS.slice(-1);
  const refutes = (values: readonly number[], theory: number) =>
    expect(() => expectAround(values, theory)).toThrow();
  for (const load of LOADS) {
    const classes = tiers(load);
    // M/M/1 of the same mean in place of M/G/1; an interrupting priority in place of Cobham's.
    const s1 = loadOf(classes) / classes.reduce((sum, { rate }) => sum + rate, 0);
    const [fifo] = waitsOf(classes, "fifo", world);
    refutes(fifo, load * s1 / (1 - load));
    const [urgent] = waitsOf(classes, "priority", world);
    refutes(urgent, residual(classes.slice(0, 1)) / (1 - loadOf(classes.slice(0, 1))));
    const [constants] = waitsOf(constant(load), "fifo", world);
    refutes(constants, load / (1 - load));
  }
});
