import type { Run } from "../runs/run.ts";
import { known } from "../statistics/known.ts";
import { quantileSorted } from "../statistics/quantile.ts";

/** Share of finishes left out at each end: while a server fills up, and while it drains. */
const ENDS = 0.1;

/**
 * Requests a second that come out of a server while it is full: the middle 80 % of the finishes over
 * the time that they take. Of a run in which all requests arrive at once this is its capacity. NaN
 * for fewer than three requests that have finished.
 *
 * @param rows row numbers of completed requests
 */
export function completionRate(run: Run, rows: Int32Array): number {
  const finishes = known(Float64Array.from(rows, (row) => run.finish[row])).sort();
  if (finishes.length < 3) return NaN;
  const seconds = quantileSorted(finishes, 1 - ENDS) - quantileSorted(finishes, ENDS);
  return (1 - 2 * ENDS) * (finishes.length - 1) / seconds;
}
