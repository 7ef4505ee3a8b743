import { expect, test } from "vitest";
import type { Benchmark, BenchmarkCase } from "../../src/bench/benchmark.ts";
import { runBenchmark } from "../../src/bench/run-benchmark.ts";

const FULL = { smoke: false };

function benchmarkOf(...cases: readonly BenchmarkCase[]): Benchmark {
  return { name: "bench", description: "", prepare: () => ({ cases }) };
}

/** A case whose run takes at least `ms`, and how often it ran. */
function taking(name: string, ms: number, rest: Partial<BenchmarkCase> = {}) {
  let ran = 0;
  const run = () => {
    ran++;
    return new Promise((resolve) => setTimeout(resolve, ms));
  };
  return { case: { name, run, ...rest }, times: () => ran };
}

test("a benchmark's own row is its slowest case, comparisons left out", async () => {
  const { rows } = await runBenchmark(
    benchmarkOf(
      taking("bench/quick", 1).case,
      taking("bench/slow", 15).case,
      taking("bench/naive", 40, { comparison: true }).case,
    ),
    FULL,
  );
  expect(rows.map(({ name }) => name)).toEqual([
    "bench",
    "bench/quick",
    "bench/slow",
    "bench/naive",
  ]);
  const { peak_rss_mb, name: _, ...own } = rows[0];
  expect(rows[2]).toEqual({ ...own, name: "bench/slow" });
  expect(peak_rss_mb).toBeGreaterThan(20);
});

test("a single case that bears the benchmark's name has one row", async () => {
  const { rows } = await runBenchmark(benchmarkOf(taking("bench", 0).case), FULL);
  expect(rows).toHaveLength(1);
});

test("no memory is told of work that child processes do", async () => {
  const benchmark = { ...benchmarkOf(taking("bench", 0).case), inChildren: true };
  const { rows: [row] } = await runBenchmark(benchmark, FULL);
  expect(row).not.toHaveProperty("peak_rss_mb");
});

test("runs are counted without warm-up, and per_second is of the median", async () => {
  const one = taking("bench", 2, { runs: 3, warmups: 2, units: 10 });
  const { rows: [row] } = await runBenchmark(benchmarkOf(one.case), FULL);
  expect(one.times()).toBe(5);
  expect(row.runs).toBe(3);
  expect(row.min_ms).toBeLessThanOrEqual(row.median_ms);
  expect(row.median_ms).toBeLessThanOrEqual(row.max_ms);
  expect(row.per_second).toBeCloseTo(10_000 / row.median_ms, 6);
});

test("a smoke run runs once, without warm-up", async () => {
  const one = taking("bench", 0, { runs: 30, warmups: 4 });
  const { rows: [row] } = await runBenchmark(benchmarkOf(one.case), { smoke: true });
  expect([one.times(), row.runs]).toEqual([1, 1]);
});

test("a run that throws fails the benchmark", async () => {
  const run = () => {
    throw new Error("no such queue");
  };
  await expect(runBenchmark(benchmarkOf({ name: "bench", run }), FULL)).rejects.toThrow(
    "no such queue",
  );
});

test("a benchmark that cannot be run here says why and has no row", async () => {
  const prepare = () => ({ skip: "no data" });
  expect(await runBenchmark({ name: "bench", description: "", prepare }, FULL))
    .toEqual({ rows: [], skipped: "no data" });
});
