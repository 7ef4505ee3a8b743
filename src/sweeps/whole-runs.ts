import type { LabelledRun } from "../analysis/labelled-run.ts";
import { InputError } from "../errors/input-error.ts";
import { labelText } from "./cell-labels.ts";
import { type CellMatch, matcher } from "./cell-match.ts";
import type { SweepResult } from "./run-sweep.ts";

/**
 * The runs that a sweep has kept, with their labels, for tables that need more than a summary. Their
 * requests have no prompt text. About 400 kB a run of 3,000 requests.
 *
 * @param which labels of the cells that are wanted. @default all
 * @throws InputError where such a cell's run was not kept
 * @example
 * const grid = paper.paperGrid({ seeds: 2, keep: { policy: "sjf" } });
 * const runs = wholeRuns(await runSweep(grid), { policy: "sjf", counting: "split" });
 */
export function wholeRuns({ cells }: SweepResult, which: CellMatch = true): LabelledRun[] {
  const wanted = matcher(which, cells);
  return cells.filter(({ labels }) => wanted(labels)).map(({ labels, run }): LabelledRun => {
    if (run === null) {
      throw new InputError({
        file: "wholeRuns",
        field: "run",
        value: labelText(labels),
        expected: "a cell whose run was kept; name it in the grid's option `keep`",
      });
    }
    const text = (axis: string) => String(labels[axis] ?? "");
    return {
      run,
      ...labels,
      policy: text("policy"),
      calibration: text("calibration"),
      counting: text("counting"),
      seed: Number(labels.seed),
    };
  });
}
