import { endToEnd } from "../runs/latencies.ts";
import { mean, quantile } from "../statistics/quantile.ts";
import type { RecordedRequests } from "./recorded-run.ts";
import {
  byMetric,
  finishedRows,
  type RunMetric,
  runMetrics,
  type TokenTimes,
} from "./run-metrics.ts";

/** A number measured, simulated, and the simulated one's error in percent of the measured. */
export interface Compared {
  readonly measured: number;
  readonly simulated: number;
  /** null where the measured value is 0. */
  readonly error_pct: number | null;
}

/** How well a simulation reproduces a recorded run, see {@link runMetrics} for what is compared. */
export interface Fidelity extends Readonly<Record<RunMetric, Compared>> {
  /** Mean of |simulated − measured| / measured end-to-end latency over the requests, percent. */
  readonly e2e_mae_pct: number;
  /** The same with its sign: positive where the simulation is too slow. */
  readonly e2e_bias_pct: number;
  /** 90 % of the requests have an absolute error up to this, percent. */
  readonly e2e_p90_pct: number;
  /** Tokens of prompts in the server's prefix cache, together; null where that was not recorded. */
  readonly cached_tokens: Compared | null;
  /** Requests compared, and those that the simulation never finished. */
  readonly requests: number;
  readonly unfinished: number;
}

/**
 * Compares a simulation with a recorded run, request by request and by the numbers of
 * {@link runMetrics}. Requests that the simulation never finished are counted and left out on both
 * sides.
 */
export function compareRuns(
  requests: RecordedRequests,
  simulated: TokenTimes & { readonly cachedTokens?: Int32Array },
): Fidelity {
  const ended = finishedRows(simulated.finish);
  const e2e = ({ finish }: TokenTimes) =>
    Float64Array.from(ended, (row) => endToEnd(requests.arrival[row], finish[row]));
  const measured = e2e(requests);
  const errors = e2e(simulated).map((value, i) => 100 * (value / measured[i] - 1));
  const absolute = errors.map(Math.abs);
  const [recorded, found] = [requests, simulated].map((run) => runMetrics(requests, run, ended));
  const cached = (tokens: Int32Array) => ended.reduce((sum, row) => sum + tokens[row], 0);
  return {
    e2e_mae_pct: mean(absolute),
    e2e_bias_pct: mean(errors),
    e2e_p90_pct: quantile(absolute, 0.9),
    ...byMetric((metric) => compared(recorded[metric], found[metric])),
    cached_tokens: requests.cachedTokens === undefined || simulated.cachedTokens === undefined
      ? null
      : compared(cached(requests.cachedTokens), cached(simulated.cachedTokens)),
    requests: ended.length,
    unfinished: requests.size - ended.length,
  };
}

function compared(measured: number, simulated: number): Compared {
  return {
    measured,
    simulated,
    error_pct: measured === 0 ? null : 100 * (simulated / measured - 1),
  };
}
