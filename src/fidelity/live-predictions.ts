import * as aq from "arquero";
import type { Run } from "../runs/run.ts";
import { bothAsText, estimationErrors } from "./measured-and-simulated.ts";
import type { LivePrediction } from "./predict-live.ts";
import { signedPercent } from "./signed-percent.ts";

/** A live run that was recorded, and its prediction. */
export interface PredictedLive {
  readonly name: string;
  readonly run: Run;
  readonly prediction: LivePrediction;
}

/**
 * Recorded live runs beside their predictions, at the speed that the machine had in each run where its
 * log tells it. Columns: `run`, `machine slower by` (percent; "" where nobody knows), then as text
 * `measured → simulated`: median and P99 of E2E and TTFT, makespan (seconds), and the mean error of the
 * estimates (tokens).
 */
export function livePredictions(runs: readonly PredictedLive[]): aq.ColumnTable {
  return aq.from(runs.map(({ name, run, prediction }) => {
    const { machine, atItsSpeed } = prediction;
    const fidelity = machine?.at_its_speed ?? prediction.fidelity;
    const simulatedRun = atItsSpeed ?? prediction.simulated;
    return {
      run: name,
      "machine slower by": machine === null ? "" : signedPercent(machine.slower_pct),
      "E2E P50, s": bothAsText(fidelity.e2e_p50),
      "E2E P99, s": bothAsText(fidelity.e2e_p99),
      "TTFT P50, s": bothAsText(fidelity.ttft_p50),
      "TTFT P99, s": bothAsText(fidelity.ttft_p99),
      "makespan, s": bothAsText(fidelity.makespan_s),
      "estimation error, tokens": bothAsText(estimationErrors(run, simulatedRun)),
    };
  }));
}
