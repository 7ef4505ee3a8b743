import * as aq from "arquero";
import type { LabelledRun } from "./labelled-run.ts";

/** Options of {@link estimateAgainstActual}. */
export interface EstimateAgainstActualOptions {
  /** Requests shown per run, evenly spaced in order of arrival. @default 400 */
  readonly limit?: number;
}

/**
 * Estimated against actual output length of single requests. Columns: `calibration`, `category` (as
 * the client meant it), `estimated`, `actual`, in the unit of the run's counting mode. Requests that
 * never reported a length, or that nobody estimated, are left out.
 */
export function estimateAgainstActual(
  runs: readonly LabelledRun[],
  { limit = 400 }: EstimateAgainstActualOptions = {},
): aq.ColumnTable {
  return aq.from(runs.flatMap(({ run, calibration }) => {
    const { codes, names } = run.requests.category;
    const shown = Math.min(limit, run.size);
    return Array.from({ length: shown }, (_, i) => {
      const row = Math.floor(i * run.size / shown);
      return {
        calibration,
        category: names[codes[row]],
        estimated: run.estimatedOutput[row],
        actual: run.actualOutput[row],
      };
    }).filter(({ estimated, actual }) => actual >= 0 && !Number.isNaN(estimated));
  }));
}
