import * as aq from "arquero";
import { quantile } from "../../statistics/quantile.ts";
import type { Fidelity } from "../compare.ts";
import { RUN_METRICS } from "../run-metrics.ts";
import type { PredictedNumber, PredictionIntervals } from "./prediction-intervals.ts";

/** A prediction with intervals, and what came out. */
export interface IntervalsAndTruth {
  readonly fidelity: Fidelity;
  readonly intervals: PredictionIntervals;
}

/** Whether a number lies in the interval that was predicted for it. */
export function holds(
  { low, high }: Pick<PredictedNumber, "low" | "high">,
  measured: number,
): boolean {
  return low <= measured && measured <= high;
}

/**
 * How many measured numbers lie in their intervals, by metric and in all (`all`), and how wide the
 * intervals are. Columns: `metric`, `predictions`, `inside`, `share`, and `width`, the median of
 * (high − low)/predicted.
 */
export function intervalCoverage(runs: readonly IntervalsAndTruth[]): aq.ColumnTable {
  const found = runs.flatMap(({ fidelity, intervals }) =>
    RUN_METRICS.map((metric) => {
      const interval = intervals.metrics[metric];
      return {
        metric,
        inside: holds(interval, fidelity[metric].measured),
        width: (interval.high - interval.low) / interval.predicted,
      };
    })
  );
  return aq.from([...RUN_METRICS, "all"].map((metric) => {
    const of = found.filter((each) => metric === "all" || each.metric === metric);
    const inside = of.filter((each) => each.inside).length;
    return {
      metric,
      predictions: of.length,
      inside,
      share: inside / of.length,
      width: quantile(of.map(({ width }) => width), 0.5),
    };
  }));
}
