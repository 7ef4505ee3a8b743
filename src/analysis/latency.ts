import type { Run } from "../runs/run.ts";
import { mean, quantileSorted } from "../workload/statistics/quantile.ts";

/**
 * Latencies of a request, each defined here and nowhere else, in seconds:
 * - `wait` (queue wait): start − arrival
 * - `inference`: finish − start; in a micro-batch the batch's, shared by its members
 * - `e2e` (end to end): finish − arrival
 */
export const LATENCIES = ["wait", "inference", "e2e"] as const;
export type Latency = (typeof LATENCIES)[number];

/** One latency of the given rows, in row order. Shape (rows), seconds. */
export function latencyOf(run: Run, latency: Latency, rows: Int32Array): Float64Array {
  const from = latency === "inference" ? run.start : run.arrival;
  const to = latency === "wait" ? run.start : run.finish;
  const values = new Float64Array(rows.length);
  for (let i = 0; i < rows.length; i++) values[i] = to[rows[i]] - from[rows[i]];
  return values;
}

/** Statistics of a set of latencies, seconds; NaN for an empty set. */
export interface LatencyStatistics {
  readonly mean: number;
  readonly p50: number;
  readonly p90: number;
  readonly p95: number;
  readonly p99: number;
  readonly max: number;
}

/** @param values shape (n), seconds; sorted in place */
export function latencyStatistics(values: Float64Array): LatencyStatistics {
  const sorted = values.sort();
  return {
    mean: mean(sorted),
    p50: quantileSorted(sorted, 0.5),
    p90: quantileSorted(sorted, 0.9),
    p95: quantileSorted(sorted, 0.95),
    p99: quantileSorted(sorted, 0.99),
    max: quantileSorted(sorted, 1),
  };
}
