import { endToEnd, timePerOutputToken, timeToFirstToken } from "../runs/latencies.ts";
import { greatest, known } from "../statistics/known.ts";
import { quantileSorted } from "../statistics/quantile.ts";

/** When tokens came. Shape (n), seconds since the run's start; NaN: never. */
export interface TokenTimes {
  readonly firstToken: Float64Array;
  readonly finish: Float64Array;
}

/** The numbers of a run that predictions are about, in the order tables show them. */
export const RUN_METRICS = [
  "ttft_p50",
  "ttft_p99",
  "tpot_p50",
  "tpot_p99",
  "e2e_p50",
  "e2e_p99",
  "output_tokens_per_s",
  "makespan_s",
] as const;
export type RunMetric = (typeof RUN_METRICS)[number];

/** Seconds, but for the tokens a second. NaN where no request has such a number. */
export type RunMetrics = Readonly<Record<RunMetric, number>>;

/** What the numbers of a run are made of, besides its instants. Shape (n) each. */
export interface CountedRequests {
  /** Seconds since the run's start, ascending. */
  readonly arrival: Float64Array;
  readonly outputTokens: Int32Array;
}

/**
 * The numbers of a run. Latencies count from arrival (the time in a client's queue included); TPOT is
 * (finish − first token)/(tokens − 1) of answers with 2 tokens or more; the makespan runs from the
 * first arrival to the last finish. Quantiles interpolate linearly.
 *
 * @param rows requests that count. @default those that were finished
 */
export function runMetrics(
  { arrival, outputTokens }: CountedRequests,
  { firstToken, finish }: TokenTimes,
  rows: ArrayLike<number> = finishedRows(finish),
): RunMetrics {
  const sorted = (of: (row: number) => number) => known(Float64Array.from(rows, of)).sort();
  const e2e = sorted((row) => endToEnd(arrival[row], finish[row]));
  const ttft = sorted((row) => timeToFirstToken(arrival[row], firstToken[row]));
  const tpot = sorted((row) => timePerOutputToken(firstToken[row], finish[row], outputTokens[row]));
  let tokens = 0;
  for (let i = 0; i < rows.length; i++) tokens += outputTokens[rows[i]];
  const makespan = greatest(Float64Array.from(rows, (row) => finish[row])) - arrival[0];
  return {
    ttft_p50: quantileSorted(ttft, 0.5),
    ttft_p99: quantileSorted(ttft, 0.99),
    tpot_p50: quantileSorted(tpot, 0.5),
    tpot_p99: quantileSorted(tpot, 0.99),
    e2e_p50: quantileSorted(e2e, 0.5),
    e2e_p99: quantileSorted(e2e, 0.99),
    output_tokens_per_s: tokens / makespan,
    makespan_s: makespan,
  };
}

/** Rows of the requests that were finished. */
export function finishedRows(finish: Float64Array): Int32Array {
  let size = 0;
  const rows = new Int32Array(finish.length);
  for (let row = 0; row < finish.length; row++) if (finish[row] >= 0) rows[size++] = row;
  return rows.subarray(0, size);
}

/** A value for each of {@link RUN_METRICS}. */
export function byMetric<T>(of: (metric: RunMetric) => T): Readonly<Record<RunMetric, T>> {
  return Object.fromEntries(RUN_METRICS.map((metric) => [metric, of(metric)])) as Record<
    RunMetric,
    T
  >;
}
