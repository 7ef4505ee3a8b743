import * as aq from "arquero";
import type { Prediction } from "./predict.ts";
import { signedPercent } from "./signed-percent.ts";

/**
 * The change of end-to-end latency from one recorded policy to another, as measured and as predicted.
 * Columns: `metric` (median and P99), `measured`, `predicted`, and the prediction at the speed that the
 * machine had in each run, in percent as text; a run without a known speed keeps its prediction.
 */
export function policyChange(from: Prediction, to: Prediction): aq.ColumnTable {
  const change = (of: (prediction: Prediction) => number) =>
    signedPercent(100 * (of(to) / of(from) - 1));
  return aq.from((["e2e_p50", "e2e_p99"] as const).map((metric) => ({
    metric,
    measured: change(({ fidelity }) => fidelity[metric].measured),
    predicted: change(({ fidelity }) => fidelity[metric].simulated),
    "predicted at the machine's speed in each run": change(({ fidelity, machine }) =>
      (machine?.at_its_speed ?? fidelity)[metric].simulated
    ),
  })));
}
