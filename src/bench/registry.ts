import { InputError } from "../errors/input-error.ts";
import type { Benchmark } from "./benchmark.ts";
import { azureConv } from "./azure-conv.ts";
import { burstgpt10m } from "./burstgpt-10m.ts";
import { cell3000Continuous } from "./cell-3000-continuous.ts";
import { cell3000Microbatch } from "./cell-3000-microbatch.ts";
import { mooncakePrefix } from "./mooncake-prefix.ts";
import { paperGrid600 } from "./paper-grid-600.ts";
import { parse1m } from "./parse-1m.ts";
import { parse10m } from "./parse-10m.ts";
import { parseJsonl1m } from "./parse-jsonl-1m.ts";
import { parseMapped10m } from "./parse-mapped-10m.ts";
import { parseMapped1m } from "./parse-mapped-1m.ts";
import { policyPops } from "./policy-pops.ts";
import { reportWarm } from "./report-warm.ts";
import { twin1000Streams } from "./twin-1000-streams.ts";

/** Every benchmark, in the order of the table. A new one is one file and one line here. */
export const BENCHMARKS: readonly Benchmark[] = [
  policyPops,
  cell3000Microbatch,
  cell3000Continuous,
  azureConv,
  mooncakePrefix,
  burstgpt10m,
  paperGrid600,
  parse1m,
  parse10m,
  parseMapped1m,
  parseMapped10m,
  parseJsonl1m,
  twin1000Streams,
  reportWarm,
];

/** The benchmarks called `names`, all of them for none; an InputError lists the known names. */
export function benchmarksNamed(names: readonly string[]): readonly Benchmark[] {
  if (names.length === 0) return BENCHMARKS;
  const known = BENCHMARKS.map(({ name }) => name);
  const problems = names.filter((name) => !known.includes(name)).map((value) => ({
    file: "command line",
    field: "name",
    value,
    expected: `one of ${known.join(", ")}`,
  }));
  if (problems.length > 0) throw new InputError(problems);
  return BENCHMARKS.filter(({ name }) => names.includes(name));
}
