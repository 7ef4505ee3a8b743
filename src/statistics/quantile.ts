import { known } from "./known.ts";

/**
 * Quantile of sorted numbers by linear interpolation between order statistics (Hyndman–Fan type 7,
 * numpy's and R's default). NaN for no numbers.
 *
 * @param sorted shape (n), ascending, without NaN
 * @param p in [0, 1]
 * @example
 * statistics.quantileSorted(Float64Array.of(1, 2, 3, 4), 0.5); // 2.5
 */
export function quantileSorted(sorted: ArrayLike<number>, p: number): number {
  if (sorted.length === 0) return NaN;
  const at = (sorted.length - 1) * p;
  const below = Math.floor(at);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below] + (at - below) * (sorted[above] - sorted[below]);
}

/** {@link quantileSorted} of numbers in any order, NaN left out. */
export function quantile(values: ArrayLike<number>, p: number): number {
  return quantileSorted(known(values).sort(), p);
}

/** Mean; NaN for no numbers. */
export function mean(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i];
  return values.length > 0 ? sum / values.length : NaN;
}
