import * as aq from "arquero";
import { bootstrapMean } from "../statistics/bootstrap.ts";
import { estimationError } from "./estimation-error.ts";
import { groupRuns, type LabelledRun } from "./labelled-run.ts";

/** Options of {@link errorOverTime}. */
export interface ErrorOverTimeOptions {
  /** Requests in a bin. @default 60 */
  readonly binSize?: number;
}

/**
 * Mean absolute estimation error over a run: requests in order of arrival, in bins; mean over seeds
 * with its interval. Columns: `counting`, `calibration`, `request` (middle of the bin), `mae`, `low`,
 * `high` (words or tokens), `phase`.
 */
export function errorOverTime(
  runs: readonly LabelledRun[],
  { binSize = 60 }: ErrorOverTimeOptions = {},
): aq.ColumnTable {
  const rows = groupRuns(runs, (run) => `${run.counting}/${run.calibration}`).flatMap((group) => {
    const { counting, calibration, run: { size, requests } } = group[0];
    return Array.from({ length: Math.floor(size / binSize) }, (_, bin) => {
      const first = bin * binSize;
      const members = Int32Array.from({ length: binSize }, (_, i) => first + i);
      const { effect, low, high } = bootstrapMean(
        group.map(({ run }) => estimationError(run, members).mae),
      );
      const phase = requests.phases.findLast((candidate) => candidate.first <= first)!.name;
      return { counting, calibration, request: first + binSize / 2, mae: effect, low, high, phase };
    });
  });
  return aq.from(rows);
}
