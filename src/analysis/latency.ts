import {
  endToEnd,
  endToEndFromSend,
  queueWait,
  timePerOutputToken,
  timeToFirstToken,
  timeToFirstTokenFromSend,
} from "../runs/latencies.ts";
import type { Run } from "../runs/run.ts";
import { known } from "../statistics/known.ts";
import { mean, quantileSorted } from "../statistics/quantile.ts";

/** Latencies that every run has, see {@link latencyOf}. */
export const LATENCIES = ["wait", "inference", "e2e"] as const;
export type Latency = (typeof LATENCIES)[number] | "ttft" | "ttftFromSend" | "tpot";

/** Each latency of one row; a request of a run is handed over at its `start`. */
const OF_ROW: Readonly<Record<Latency, (run: Run, row: number) => number>> = {
  wait: ({ arrival, start }, row) => queueWait(arrival[row], start[row]),
  inference: ({ start, finish }, row) => endToEndFromSend(start[row], finish[row]),
  e2e: ({ arrival, finish }, row) => endToEnd(arrival[row], finish[row]),
  ttft: ({ arrival, firstToken }, row) => timeToFirstToken(arrival[row], firstToken[row]),
  ttftFromSend: ({ start, firstToken }, row) =>
    timeToFirstTokenFromSend(start[row], firstToken[row]),
  tpot: ({ firstToken, finish, outputTokens }, row) =>
    timePerOutputToken(firstToken[row], finish[row], outputTokens[row]),
};

/**
 * One latency of the given rows, in row order. Shape (rows), seconds; NaN where an instant never came.
 * See `runs/latencies.ts` for what each is:
 * - `wait` (queue wait): start − arrival
 * - `inference` (E2E from send): finish − start; in a micro-batch the batch's, shared by its members
 * - `e2e` (end to end): finish − arrival
 * - `ttft` (time to first token): first token − arrival; NaN in micro-batches, which do not stream
 * - `ttftFromSend`: first token − start, when the request was handed to its server
 * - `tpot` (time per output token): (finish − first token) / (tokens − 1); NaN for one token
 */
export function latencyOf(run: Run, latency: Latency, rows: Int32Array): Float64Array {
  const of = OF_ROW[latency];
  const values = new Float64Array(rows.length);
  for (let i = 0; i < rows.length; i++) values[i] = of(run, rows[i]);
  return values;
}

/** Statistics of a set of latencies, seconds; NaN where none is known. */
export interface LatencyStatistics {
  readonly mean: number;
  readonly p50: number;
  readonly p90: number;
  readonly p95: number;
  readonly p99: number;
  readonly max: number;
}

/**
 * Statistics of latencies; requests whose latency is not known (NaN) are left out.
 *
 * @param values shape (n), seconds, in any order
 */
export function latencyStatistics(values: ArrayLike<number>): LatencyStatistics {
  return statisticsOfSorted(known(values).sort());
}

/** {@link latencyStatistics} of latencies that are sorted, without NaN. */
export function statisticsOfSorted(sorted: Float64Array): LatencyStatistics {
  return {
    mean: mean(sorted),
    p50: quantileSorted(sorted, 0.5),
    p90: quantileSorted(sorted, 0.9),
    p95: quantileSorted(sorted, 0.95),
    p99: quantileSorted(sorted, 0.99),
    max: quantileSorted(sorted, 1),
  };
}
