import * as aq from "arquero";
import type { Prediction } from "./predict.ts";
import { signedPercent } from "./signed-percent.ts";

/** A recording by name, and its prediction. */
export interface NamedPrediction {
  readonly run: string;
  readonly prediction: Prediction;
}

/** Latencies of {@link chatPredictions} and their columns. */
const COLUMNS = {
  ttft_p50: "TTFT P50, s",
  ttft_p99: "TTFT P99, s",
  e2e_p50: "E2E P50, s",
  e2e_p99: "E2E P99, s",
} as const;

/**
 * Predictions of runs with a prefix cache. Columns, as text: `run`, `cached tokens` (measured →
 * simulated; "" where nobody recorded them), `machine slower by` ("" where nobody knows), and median
 * and P99 of TTFT and E2E: `measured → simulated` and, in brackets, what the simulation has at the
 * speed that the machine had in the run.
 */
export function chatPredictions(runs: readonly NamedPrediction[]): aq.ColumnTable {
  return aq.from(runs.map(({ run, prediction: { fidelity, machine } }) => {
    const cached = fidelity.cached_tokens;
    const both = (metric: keyof typeof COLUMNS) => {
      const { measured, simulated } = fidelity[metric];
      const own = machine === null ? "" : ` (${machine.at_its_speed[metric].simulated.toFixed(2)})`;
      return `${measured.toFixed(2)} → ${simulated.toFixed(2)}${own}`;
    };
    return {
      run,
      "cached tokens": cached === null ? "" : `${cached.measured} → ${cached.simulated}`,
      "machine slower by": machine === null ? "" : signedPercent(machine.slower_pct),
      ...Object.fromEntries(
        Object.entries(COLUMNS).map(([metric, name]) => [
          name,
          both(metric as keyof typeof COLUMNS),
        ]),
      ),
    };
  }));
}
