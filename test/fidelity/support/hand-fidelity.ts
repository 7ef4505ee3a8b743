import type { Compared, Fidelity } from "../../../src/fidelity/compare.ts";

/** Errors of the judged metrics, percent. */
export interface HandErrors {
  readonly e2e_p50: number;
  readonly e2e_p99: number;
  readonly makespan_s: number;
}

/** A comparison with these errors: every measured number is 1, all other errors are 0. */
export function handFidelity({ e2e_p50, e2e_p99, makespan_s }: HandErrors): Fidelity {
  const off = (error_pct: number): Compared => ({
    measured: 1,
    simulated: 1 + error_pct / 100,
    error_pct,
  });
  return {
    e2e_mae_pct: 0,
    e2e_bias_pct: 0,
    e2e_p90_pct: 0,
    ttft_p50: off(0),
    ttft_p99: off(0),
    tpot_p50: off(0),
    tpot_p99: off(0),
    e2e_p50: off(e2e_p50),
    e2e_p99: off(e2e_p99),
    output_tokens_per_s: off(0),
    makespan_s: off(makespan_s),
    requests: 1,
    unfinished: 0,
  };
}
