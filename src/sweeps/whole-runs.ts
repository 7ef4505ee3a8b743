import type { LabelledRun } from "../analysis/labelled-run.ts";
import { simulate } from "../simulation/simulate.ts";
import type { Grid } from "./grid.ts";
import { makeWorkload } from "./workload-source.ts";

/**
 * Runs the cells of a small grid in this thread and keeps the runs whole, for tables that need more
 * than a summary. About 200 kB a run of 3,000 requests.
 */
export function wholeRuns({ tasks, labels }: Grid): LabelledRun[] {
  const runs: LabelledRun[] = [];
  for (const task of tasks) {
    const workload = makeWorkload(task.workload);
    for (const options of task.cells) {
      const label = labels[runs.length];
      runs.push({
        run: simulate(workload, options),
        policy: String(label.policy),
        calibration: String(label.calibration),
        counting: String(label.counting),
        seed: Number(label.seed),
      });
    }
  }
  return runs;
}
