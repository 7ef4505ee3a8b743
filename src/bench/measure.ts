import { Bench } from "tinybench";
import type { BenchmarkCase, BenchmarkResult, PrepareOptions } from "./benchmark.ts";

const RUNS = 5;
const WARMUPS = 2;

/** Runs a case, first untimed and then timed, and sums its times up. Rejects when a run throws. */
export async function measure(
  { name, run, units, runs = RUNS, warmups = WARMUPS }: BenchmarkCase,
  { smoke }: PrepareOptions,
): Promise<BenchmarkResult> {
  const bench = new Bench({
    time: 0,
    iterations: smoke ? 1 : runs,
    warmup: !smoke && warmups > 0,
    warmupTime: 0,
    warmupIterations: warmups,
    throws: true,
  });
  // Said to be asynchronous, because tinybench would otherwise run it once more to find out.
  bench.add(name, run, { async: true });
  const [task] = await bench.run();
  if (task.result.state !== "completed") {
    throw new Error(`Cannot measure ${name}: its runs are ${task.result.state}`);
  }
  const { p50, min, max, samplesCount } = task.result.latency;
  return {
    name,
    median_ms: p50,
    min_ms: min,
    max_ms: max,
    runs: samplesCount,
    ...units !== undefined && { per_second: units / p50 * 1000 },
  };
}
