import { known } from "../../statistics/known.ts";
import { quantileSorted } from "../../statistics/quantile.ts";

/** The middle `level` of `samples`, widened where the prediction itself lies outside. */
export function intervalAround(
  predicted: number,
  samples: Float64Array,
  level: number,
): { readonly low: number; readonly high: number } {
  const sorted = known(samples).sort();
  return {
    low: Math.min(predicted, quantileSorted(sorted, (1 - level) / 2)),
    high: Math.max(predicted, quantileSorted(sorted, (1 + level) / 2)),
  };
}
