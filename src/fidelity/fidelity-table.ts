import * as aq from "arquero";
import type { Fidelity } from "./compare.ts";
import { RUN_METRICS } from "./run-metrics.ts";
import { signedPercent } from "./signed-percent.ts";

/** A simulation's agreement with the run of that name. */
export interface NamedFidelity {
  readonly run: string;
  readonly fidelity: Fidelity;
}

/**
 * Measured and simulated numbers side by side. Columns: `run`, `metric`, `measured`, `simulated`
 * (seconds, or tokens a second), `error` (percent of the measured number, as text; "" where that is 0).
 *
 * @example
 * const recording = await loadL4Recording();
 * const { fidelity } = predictRecording(recording, await loadServerFile("l4-qwen3-1.7b"));
 * fidelityTable([{ run: recording.name, fidelity }]);
 */
export function fidelityTable(runs: readonly NamedFidelity[]): aq.ColumnTable {
  return aq.from(runs.flatMap(({ run, fidelity }) =>
    RUN_METRICS.map((metric) => {
      const { measured, simulated, error_pct } = fidelity[metric];
      const error = error_pct === null ? "" : signedPercent(error_pct);
      return { run, metric, measured, simulated, error };
    })
  ));
}
