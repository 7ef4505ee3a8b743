import type { Run } from "../runs/run.ts";
import { known } from "../statistics/known.ts";
import { mean, quantileSorted } from "../statistics/quantile.ts";

/** Latencies that every run has, see {@link latencyOf}. */
export const LATENCIES = ["wait", "inference", "e2e"] as const;
export type Latency = (typeof LATENCIES)[number] | "ttft" | "tpot";

/** From which instant to which. */
const ENDS = {
  wait: ["arrival", "start"],
  inference: ["start", "finish"],
  e2e: ["arrival", "finish"],
  ttft: ["arrival", "firstToken"],
  tpot: ["firstToken", "finish"],
} as const satisfies Record<Latency, readonly [keyof Run, keyof Run]>;

/**
 * One latency of the given rows, in row order. Shape (rows), seconds; NaN where an instant never came.
 * Of a run each is defined here and nowhere else:
 * - `wait` (queue wait): start − arrival
 * - `inference`: finish − start; in a micro-batch the batch's, shared by its members
 * - `e2e` (end to end): finish − arrival
 * - `ttft` (time to first token): first token − arrival; NaN in micro-batches, which do not stream
 * - `tpot` (time per output token): (finish − first token) / (tokens − 1); NaN for one token
 */
export function latencyOf(run: Run, latency: Latency, rows: Int32Array): Float64Array {
  const [from, to] = ENDS[latency];
  const values = new Float64Array(rows.length);
  for (let i = 0; i < rows.length; i++) values[i] = run[to][rows[i]] - run[from][rows[i]];
  if (latency !== "tpot") return values;
  return values.map((value, i) => {
    const further = run.outputTokens[rows[i]] - 1;
    return further > 0 ? value / further : NaN;
  });
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
  const sorted = known(values).sort();
  return {
    mean: mean(sorted),
    p50: quantileSorted(sorted, 0.5),
    p90: quantileSorted(sorted, 0.9),
    p95: quantileSorted(sorted, 0.95),
    p99: quantileSorted(sorted, 0.99),
    max: quantileSorted(sorted, 1),
  };
}
