import { mean, quantileSorted } from "../../statistics/quantile.ts";

/** How numbers spread, in their own unit; NaN where there are none. */
export interface NumberSummary {
  readonly mean: number;
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
  readonly max: number;
}

/**
 * Mean, quantiles and maximum.
 *
 * @param sorted shape (n), ascending, without NaN
 */
export function summarizeSorted(sorted: Int32Array | Float64Array): NumberSummary {
  return {
    mean: mean(sorted),
    p50: quantileSorted(sorted, 0.5),
    p90: quantileSorted(sorted, 0.9),
    p99: quantileSorted(sorted, 0.99),
    max: sorted.at(-1) ?? NaN,
  };
}
