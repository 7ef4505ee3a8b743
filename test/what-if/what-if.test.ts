import { beforeAll, expect, test } from "vitest";
import { InputError } from "../../src/errors/input-error.ts";
import { whatIf } from "../../src/paper/what-if.ts";
import { readBundled } from "../../src/files/read-bundled.ts";
import { serverFor } from "../../src/servers/sized-server.ts";
import { simulate } from "../../src/simulation/simulate.ts";
import { quantile } from "../../src/statistics/quantile.ts";
import type { WhatIfAnswer } from "../../src/what-if/answer.ts";
import { generateWorkload } from "../../src/workload/generators/generate-workload.ts";
import { l4Log } from "../../src/workload/readers/formats/l4-log.ts";
import { readWhole } from "../../src/workload/readers/read-trace.ts";
import type { ReadTrace } from "../../src/workload/readers/trace-format.ts";

const server = serverFor({ model: "Qwen3-1.7B", gpu: "L4" });

/** A log of Poisson arrivals that measured nothing. */
function logOf(seed: number, { requests = 200, rate = 4 } = {}): ReadTrace {
  const workload = generateWorkload({
    ...{ requests, seed },
    streams: [{
      arrivals: { process: "poisson", rate },
      classes: [{
        prompt: { model: "lognormal", mean: 300, cv: 1 },
        output: { model: "lognormal", mean: 120, cv: 1 },
      }],
    }],
  });
  const report = {
    ...{ source: "generated", format: "none", rowsRead: requests, rowsKept: requests },
    ...{ rowsRefused: 0, setAside: [], blankLines: 0, problems: [], problemCount: 0 },
    ...{ columnsIgnored: [], assumptions: [] },
  };
  return { workload, report };
}

const burst = logOf(1, { requests: 300, rate: 40 });
let answer: WhatIfAnswer;
beforeAll(async () => {
  answer = await whatIf(burst, {
    ...{ server, servers: [1, 2], draws: 6 },
    promise: { ttft: 3, share: 0.9 },
  });
});

test("an alternative's numbers are those of its simulation", () => {
  const alternative = answer.alternatives.find(({ name }) => name === "fifo, 32 in flight × 1")!;
  const run = simulate(burst.workload, { server, dispatch: { rule: "in-flight", window: 32 } });
  const e2e = run.finish.map((at, row) => at - run.arrival[row]);
  const ttft = run.firstToken.map((at, row) => at - run.arrival[row]);
  const { measures } = alternative.all;
  expect(measures.e2e_p50.value).toBe(quantile(e2e, 0.5));
  expect(measures.ttft_p99.value).toBe(quantile(ttft, 0.99));
  const kept = ttft.filter((each) => each <= 3).length;
  expect(measures.kept.value).toBe(kept / 300);
  const seconds = run.finish.reduce((a, b) => Math.max(a, b)) - run.arrival[0];
  expect(measures.goodput.value).toBeCloseTo(kept / seconds, 12);
});

test("changes are relative to as it was, and intervals hold their own numbers", () => {
  const [was, ...others] = answer.alternatives;
  expect(was.all.changes.e2e_p99).toEqual({ value: 0, low: 0, high: 0 });
  for (const { all } of others) {
    const { value, low, high } = all.changes.e2e_p50;
    const ratio = all.measures.e2e_p50.value! / was.all.measures.e2e_p50.value!;
    expect(value).toBeCloseTo(ratio - 1, 12);
    expect(low).toBeLessThanOrEqual(value!);
    expect(high).toBeGreaterThanOrEqual(value!);
  }
});

test("under overload a second server helps everybody, and SJF helps the short ones", () => {
  const named = (name: string) => answer.alternatives.find((each) => each.name === name)!;
  const two = named("as it was × 2");
  expect(two.groups.map(({ verdict }) => verdict)).toEqual(["gains", "gains", "gains", "gains"]);
  const knows = named("sjf oracle, 32 in flight × 1");
  const fifo = named("fifo, 32 in flight × 1");
  const mean = (of: typeof knows, group: number) => of.groups[group].measures.e2e_mean.value!;
  expect(mean(knows, 0)).toBeLessThan(0.5 * mean(fifo, 0));
  expect(mean(knows, 3)).toBeGreaterThan(0.9 * mean(fifo, 3));
  expect(knows.possible).toBe(false);
});

test("the same seed gives the same answer, another one other intervals", async () => {
  const options = { server, draws: 3, policies: ["sjf"] };
  const [a, again, b] = await Promise.all(
    [1, 1, 2].map((seed) => whatIf(burst, { ...options, seed })),
  );
  expect(a).toEqual(again);
  expect(a.alternatives[1].all.changes).not.toEqual(b.alternatives[1].all.changes);
  expect(a.alternatives[1].all.measures.e2e_p50.value)
    .toBe(b.alternatives[1].all.measures.e2e_p50.value);
});

test("what the real L4 measured lies in the intervals of as it was", async () => {
  const path = "l4_measured/vllm0.30_L4_qwen3-1.7b_bf16_open4rps_160req.csv";
  const log = readWhole(l4Log, await readBundled(path), path);
  const { as_measured: found } = await whatIf(log, { server, draws: 20, policies: ["fifo"] });
  const measured = quantile(
    log.measured!.finish!.map((at, i) => at - log.workload.requests.arrival[i]),
    0.5,
  );
  expect(found!.e2e_p50!.measured).toBeCloseTo(measured, 9);
  for (const measure of ["e2e_p50", "e2e_p99", "ttft_p50", "tpot_p50"] as const) {
    expect(found![measure]!.inside, measure).toBe(true);
    expect(Math.abs(found![measure]!.error), measure).toBeLessThan(0.1);
  }
});

test("a stretched log keeps no measured numbers, and says so", async () => {
  const path = "l4_measured/vllm0.30_L4_qwen3-1.7b_bf16_open4rps_160req.csv";
  const log = readWhole(l4Log, await readBundled(path), path);
  const found = await whatIf(log, { server, draws: 2, policies: ["sjf"], rate: 8 });
  expect(found.as_measured).toBeNull();
  expect(found.log.requests_per_s).toBeCloseTo(8, 9);
  expect(found.log.assumptions).toContainEqual(expect.stringContaining("8 requests a second"));
});

test("the cheapest that keeps the promise has the fewest servers, and no gateway where none is needed", async () => {
  const idle = logOf(3, { requests: 60, rate: 0.5 });
  const easy = await whatIf(idle, { server, servers: [1, 2], draws: 3, promise: { ttft: 5 } });
  expect(easy.cheapest).toEqual({ name: "as it was × 1", sure: true });
  const never = await whatIf(idle, { server, draws: 3, promise: { ttft: 1e-6 } });
  expect(never.cheapest).toBeNull();
  expect(never.alternatives.every(({ meets }) => meets === "no")).toBe(true);
});

test("requests that no server can hold are counted as refused, and break the promise", async () => {
  const log = logOf(4, { requests: 100, rate: 1 });
  const small = serverFor({ model: "Qwen3-1.7B", gpu: "L4", flags: { max_model_len: 512 } });
  const { requests, truth } = log.workload;
  const over = requests.promptTokens.filter((tokens, row) =>
    tokens + truth.outputTokens[row] > 512
  );
  const found = await whatIf(log, { server: small, draws: 2, promise: { e2e: 1e5 } });
  expect(found.alternatives[0].refused).toBe(over.length);
  expect(found.alternatives[0].all.measures.kept.value).toBeCloseTo(1 - over.length / 100, 12);
  expect(found.limits.join()).toContain(`${over.length} requests are longer`);
});

// Logs of one process on the undrawn server: the truth is the mean over many logs.
test("intervals hold the process's true mean latency about as often as they say", async () => {
  const long = await whatIf(logOf(99, { requests: 6000, rate: 2 }), {
    ...{ server, draws: 2, policies: ["fifo"] },
  });
  const truth = long.alternatives[0].all.measures.e2e_mean.value!;
  let held = 0;
  const logs = 40;
  for (let seed = 1; seed <= logs; seed++) {
    const found = await whatIf(logOf(100 + seed, { rate: 2 }), {
      ...{ server, draws: 20, seed, policies: ["fifo"] },
    });
    const { low, high } = found.alternatives[0].all.measures.e2e_mean;
    if (truth >= low! && truth <= high!) held++;
  }
  // 36 of 40 are asked for; a block bootstrap covers a little less, doubt of the server adds to it.
  expect(held / logs).toBeGreaterThan(0.75);
});

test("what does not fit is refused by name", async () => {
  const bad = [
    [{ servers: [2, 1] }, "servers"],
    [{ promise: { share: 0.9 } }, "at least one limit"],
    [{ estimators: ["psychic"] }, "one of calibrated, uncalibrated, oracle, cap"],
    [{ policies: ["psychic"] }, "psychic"],
    [{ rate: -1 }, "rate"],
  ] as const;
  for (const [options, said] of bad) {
    await expect(whatIf(burst, { server, draws: 2, ...options } as never)).rejects.toThrow(said);
    await expect(whatIf(burst, { server, draws: 2, ...options } as never)).rejects.toThrow(
      InputError,
    );
  }
});
