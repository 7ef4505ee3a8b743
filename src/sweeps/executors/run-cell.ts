import { summarizeRun } from "../../analysis/summarize-run.ts";
import { simulate } from "../../simulation/simulate.ts";
import type { Workload } from "../../workload/workload.ts";
import type { StoredResult } from "../stores/result-store.ts";
import type { DecodedCell } from "./decode-cell.ts";
import { plainRun } from "./plain-run.ts";

/** Simulates one cell and sums it up. */
export function runCell(
  workload: Workload,
  { options, summary, keep }: DecodedCell & { readonly keep: boolean },
): StoredResult {
  const run = simulate(workload, options);
  const { names, values } = summarizeRun(run, summary);
  return { names, values, ...keep && { run: plainRun(run) } };
}
