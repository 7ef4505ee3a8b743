import * as aq from "arquero";
import { bootstrapMean } from "../statistics/bootstrap.ts";
import { calibrationOff } from "./calibration-levels.ts";
import { estimationError } from "./estimation-error.ts";
import { groupRuns, type LabelledRun } from "./labelled-run.ts";
import { knownInterval, NO_DIFFERENCE, pairedByLabel, pairedDifference } from "./paired.ts";

/** Options of {@link errorOverTime}. */
export interface ErrorOverTimeOptions {
  /** Requests in a bin. @default 60 */
  readonly binSize?: number;
}

/** Mean absolute error of one bin, by run; NaN where no request of the bin reported a length. */
function errorsIn(runs: readonly LabelledRun[], members: Int32Array): Float64Array {
  return Float64Array.from(runs, ({ run }) => estimationError(run, members).mae);
}

/**
 * Mean absolute estimation error over a run: requests in order of arrival, in bins; mean over seeds
 * with its interval, and the difference from calibration off, paired by seed and policy. Seeds without
 * a length in a bin are left out, and bins without one in any seed. Columns: `counting`, `calibration`,
 * `request` (middle of the bin), `mae`, `low`, `high` (words or tokens), `phase`, `baseline` (the
 * calibration compared with; empty where none is off), `difference`, `differenceLow`, `differenceHigh`
 * (NaN for the baseline itself).
 */
export function errorOverTime(
  runs: readonly LabelledRun[],
  { binSize = 60 }: ErrorOverTimeOptions = {},
): aq.ColumnTable {
  const baseline = calibrationOff([...new Set(runs.map(({ calibration }) => calibration))]) ?? "";
  const rows = groupRuns(runs, (run) => `${run.counting}/${run.calibration}`).flatMap((group) => {
    const { counting, calibration, run: { size, requests } } = group[0];
    const off = calibration === baseline
      ? []
      : runs.filter((run) => run.counting === counting && run.calibration === baseline);
    return Array.from({ length: Math.floor(size / binSize) }, (_, bin) => {
      const first = bin * binSize;
      const members = Int32Array.from({ length: binSize }, (_, i) => first + i);
      const errors = errorsIn(group, members);
      const { effect, low, high } = knownInterval(bootstrapMean, errors);
      const phase = requests.phases.findLast((candidate) => candidate.first <= first)!.name;
      const compared = off.length === 0 ? NO_DIFFERENCE : pairedDifference(
        bootstrapMean,
        ...pairedByLabel(
          [group, errors],
          [off, errorsIn(off, members)],
          ({ seed, policy }) => JSON.stringify([seed, policy]),
        ),
      );
      return {
        ...{ counting, calibration, request: first + binSize / 2, mae: effect, low, high, phase },
        ...{ baseline, ...compared },
      };
    }).filter(({ mae }) => !Number.isNaN(mae));
  });
  return aq.from(rows);
}
