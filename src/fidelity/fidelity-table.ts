import * as aq from "arquero";
import type { Fidelity } from "./compare.ts";
import { RUN_METRICS } from "./run-metrics.ts";
import { holds } from "./doubt/interval-coverage.ts";
import type { PredictionIntervals } from "./doubt/prediction-intervals.ts";
import { signedPercent } from "./signed-percent.ts";

/** A simulation's agreement with the run of that name. */
export interface NamedFidelity {
  readonly run: string;
  readonly fidelity: Fidelity;
  /** Where each number was predicted to lie. */
  readonly intervals: PredictionIntervals;
}

/**
 * Measured and simulated numbers side by side. Columns: `run`, `metric`, `measured`, `simulated`
 * (seconds, or tokens a second), `error` (percent of the measured number, as text; "" where that is 0),
 * `low` and `high` of the prediction's interval, and whether the measured number is `inside` it (yes,
 * no).
 *
 * @example
 * const recording = await loadL4Recording();
 * const server = await loadServerFile("l4-qwen3-1.7b");
 * fidelityTable([{ run: recording.name, ...predictRecording(recording, server) }]);
 */
export function fidelityTable(runs: readonly NamedFidelity[]): aq.ColumnTable {
  return aq.from(runs.flatMap(({ run, fidelity, intervals }) =>
    RUN_METRICS.map((metric) => {
      const { measured, simulated, error_pct } = fidelity[metric];
      const error = error_pct === null ? "" : signedPercent(error_pct);
      const { low, high } = intervals.metrics[metric];
      const inside = holds(intervals.metrics[metric], measured) ? "yes" : "no";
      return { run, metric, measured, simulated, error, low, high, inside };
    })
  ));
}
