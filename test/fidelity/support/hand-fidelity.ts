import type { Compared, Fidelity } from "../../../src/fidelity/compare.ts";
import { byMetric, type RunMetric } from "../../../src/fidelity/run-metrics.ts";

/** Errors by metric, percent; the others have none. */
export type HandErrors = Readonly<Partial<Record<RunMetric, number>>>;

/** A comparison with these errors: every measured number is 1. */
export function handFidelity(errors: HandErrors): Fidelity {
  const off = (error_pct: number): Compared => ({
    measured: 1,
    simulated: 1 + error_pct / 100,
    error_pct,
  });
  return {
    ...{ e2e_mae_pct: 0, e2e_bias_pct: 0, e2e_p90_pct: 0, requests: 1, unfinished: 0 },
    cached_tokens: null,
    ...byMetric((metric) => off(errors[metric] ?? 0)),
  };
}
