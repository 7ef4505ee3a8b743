import type { Benchmark, BenchmarkResult } from "../bench/benchmark.ts";
import { BENCHMARKS, benchmarksNamed } from "../bench/registry.ts";
import { resultsTable } from "../bench/results-table.ts";
import { runBenchmark } from "../bench/run-benchmark.ts";
import { exitWith, readArguments } from "./command-line.ts";

const USAGE = `Usage: deno task bench [name…] [--json] [--smoke]

Measures and prints a table; the bars beside are aims, and missing one fails nothing. Each benchmark
has a process of its own.

${BENCHMARKS.map(({ name, description }) => `  ${name.padEnd(22)} ${description}`).join("\n")}

  --json    prints [{name, median_ms, min_ms, max_ms, runs, per_second?, peak_rss_mb?}] instead
  --smoke   runs everything once in small sizes, to see that it works
  -h, --help`;

interface BenchArguments {
  readonly benchmarks: readonly Benchmark[];
  readonly json: boolean;
  readonly smoke: boolean;
  readonly help: boolean;
}

function benchArguments(args: readonly string[]): BenchArguments {
  const options = {
    json: { type: "boolean" },
    smoke: { type: "boolean" },
    help: { type: "boolean", short: "h" },
  } as const;
  const { values, positionals } = readArguments({
    args: [...args],
    options,
    allowPositionals: true,
  });
  const { json = false, smoke = false, help = false } = values;
  return { benchmarks: benchmarksNamed(positionals), json, smoke, help };
}

/** Measures one benchmark in a fresh process: nobody's garbage, compiled code or memory but its own. */
async function inOwnProcess({ name }: Benchmark, smoke: boolean): Promise<BenchmarkResult[]> {
  const { success, stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", import.meta.url, name, "--json", ...smoke ? ["--smoke"] : []],
    stdout: "piped",
    stderr: "inherit",
  }).output();
  if (!success) throw new Error(`Cannot measure ${name}: its process failed`);
  return JSON.parse(new TextDecoder().decode(stdout));
}

async function here(benchmark: Benchmark, smoke: boolean): Promise<readonly BenchmarkResult[]> {
  console.error(`${benchmark.name}: ${benchmark.description}`);
  const { rows, skipped } = await runBenchmark(benchmark, { smoke });
  if (skipped !== undefined) console.error(`${benchmark.name} skipped: ${skipped}`);
  return rows;
}

/** `deno task bench`; returns the exit code. */
export async function bench(args: readonly string[]): Promise<number> {
  const { benchmarks, json, smoke, help } = benchArguments(args);
  if (help) {
    console.log(USAGE);
    return 0;
  }
  const measure = benchmarks.length === 1 ? here : inOwnProcess;
  const results: BenchmarkResult[] = [];
  for (const benchmark of benchmarks) results.push(...await measure(benchmark, smoke));
  const bars = new Map(
    benchmarks.flatMap(({ name, barMs }) => barMs === undefined ? [] : [[name, barMs] as const]),
  );
  console.log(json ? JSON.stringify(results, null, 2) : resultsTable(results, bars));
  return 0;
}

if (import.meta.main) await exitWith(() => bench(Deno.args));
