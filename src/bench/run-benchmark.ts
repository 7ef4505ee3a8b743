import process from "node:process";
import type { Benchmark, BenchmarkResult, PrepareOptions } from "./benchmark.ts";
import { measure } from "./measure.ts";

/** Rows of a benchmark; none, and why, where it cannot be run. */
export interface BenchmarkOutcome {
  readonly rows: readonly BenchmarkResult[];
  readonly skipped?: string;
}

/**
 * Measures the cases of one benchmark in this process. The first row has the benchmark's name: the
 * slowest case that is not a comparison, with the most memory this process has ever held.
 */
export async function runBenchmark(
  { name, prepare, inChildren = false }: Benchmark,
  options: PrepareOptions,
): Promise<BenchmarkOutcome> {
  const prepared = await prepare(options);
  if ("skip" in prepared) return { rows: [], skipped: prepared.skip };
  const rows: BenchmarkResult[] = [];
  let slowest: BenchmarkResult | undefined;
  for (const each of prepared.cases) {
    const row = await measure(each, options);
    rows.push(row);
    const slower = slowest === undefined || row.median_ms > slowest.median_ms;
    if (!each.comparison && slower) slowest = row;
  }
  if (slowest === undefined) throw new Error(`Cannot sum ${name} up: it has no case of its own`);
  const own = {
    ...slowest,
    name,
    ...!inChildren && { peak_rss_mb: process.resourceUsage().maxRSS * 1024 / 1e6 },
  };
  return { rows: [own, ...rows.filter((row) => row.name !== name)] };
}
