import type { Run } from "../runs/run.ts";

/** How far estimates were from the actual lengths. Unit: the run's counting mode (words or tokens). */
export interface EstimationError {
  /** Requests counted. */
  readonly n: number;
  /** Mean of |estimate − actual|. */
  readonly mae: number;
  /** Square root of the mean of (estimate − actual)². */
  readonly rmse: number;
  /** Mean of estimate − actual; positive: estimates too long. */
  readonly bias: number;
  /** Mean of |estimate − actual| / actual over requests with actual > 0; NaN if there is none. */
  readonly mape: number;
  /** `mae` over the mean actual length: comparable between words and tokens. */
  readonly relativeMae: number;
}

/** Estimation error over the given rows of a run; rows without an estimate, or that never reported a length, are left out. */
export function estimationError(run: Run, rows: Int32Array): EstimationError {
  let n = 0, absolute = 0, squared = 0, signed = 0, relative = 0, withRatio = 0, actuals = 0;
  for (const row of rows) {
    const actual = run.actualOutput[row];
    const error = run.estimatedOutput[row] - actual;
    // The length was never reported, or never estimated.
    if (actual < 0 || Number.isNaN(error)) continue;
    n++;
    absolute += Math.abs(error);
    squared += error * error;
    signed += error;
    actuals += actual;
    if (actual > 0) {
      relative += Math.abs(error) / actual;
      withRatio++;
    }
  }
  return {
    n,
    mae: absolute / n,
    rmse: Math.sqrt(squared / n),
    bias: signed / n,
    mape: relative / withRatio,
    relativeMae: absolute / actuals,
  };
}
