import * as aq from "arquero";
import type { Run } from "../runs/run.ts";
import { bothAsText, estimationErrors } from "./measured-and-simulated.ts";
import { compareLive, completedOf } from "./predict-live.ts";

/** A live run with its labels and its simulation. */
export interface SimulatedLive {
  readonly policy: string;
  readonly calibration: string;
  readonly run: Run;
  readonly simulated: Run;
}

/** Rows in the order in which they were dispatched. */
function dispatchOrder({ start }: Run): string {
  return Array.from(start.keys()).sort((a, b) => start[a] - start[b] || a - b).join();
}

/** Largest difference of two columns of seconds, in nanoseconds. */
function nanosecondsApart(a: Float64Array, b: Float64Array): number {
  return Math.round(
    1e9 * a.reduce((most, value, row) => Math.max(most, Math.abs(value - b[row])), 0),
  );
}

/**
 * Live runs beside their simulations. Columns: `policy`, `calibration`, then as text
 * `live → simulated`: the mean error of the estimates (in the unit of the estimator), median and P99
 * of E2E, median of TTFT (seconds); whether both dispatched in the `same order` (yes, no), and the
 * `largest difference` of a finish, nanoseconds.
 */
export function liveBesideSimulation(
  runs: readonly SimulatedLive[],
  { unit }: { readonly unit: "words" | "tokens" },
): aq.ColumnTable {
  return aq.from(runs.map(({ policy, calibration, run, simulated }) => {
    const fidelity = compareLive(run, simulated);
    return {
      policy,
      calibration,
      [`estimation error, ${unit}`]: bothAsText(estimationErrors(run, simulated)),
      "E2E P50, s": bothAsText(fidelity.e2e_p50),
      "E2E P99, s": bothAsText(fidelity.e2e_p99),
      "TTFT P50, s": bothAsText(fidelity.ttft_p50),
      "same order of dispatch": dispatchOrder(run) === dispatchOrder(simulated) ? "yes" : "no",
      "largest difference, ns": nanosecondsApart(completedOf(run).finish, simulated.finish),
    };
  }));
}
