import { latencyOf, latencyStatistics } from "../analysis/latency.ts";
import type { Run } from "../runs/run.ts";
import { keepsPromise, type ServicePromise } from "./service-promise.ts";

/** The numbers that alternatives are compared by, in the order tables show them. */
export const MEASURES = [
  "e2e_mean",
  "e2e_p50",
  "e2e_p99",
  "ttft_p50",
  "ttft_p99",
  "tpot_p50",
  "kept",
  "goodput",
] as const;
export type Measure = (typeof MEASURES)[number];

/**
 * Numbers of some requests. Latencies in seconds count from arrival; `kept` is the share of requests
 * that keep the promise, `goodput` how many of them a second from the first arrival to the last finish;
 * NaN: nobody knows, as without a promise.
 */
export type Measures = Readonly<Record<Measure, number>>;

type Instants = Pick<Run, "arrival" | "firstToken" | "finish" | "outputTokens" | "start">;

/**
 * The numbers of some requests of a run. Latencies are of those that finished; one that did not breaks
 * the promise.
 *
 * @param seconds from the run's first arrival to its last finish
 */
export function measuresOf(
  run: Instants,
  rows: Int32Array,
  { promise, seconds }: { readonly promise: ServicePromise | undefined; readonly seconds: number },
): Measures {
  const of = (latency: "e2e" | "ttft" | "tpot") =>
    latencyStatistics(latencyOf(run as Run, latency, rows));
  const [e2e, ttft, tpot] = [of("e2e"), of("ttft"), of("tpot")];
  let kept = 0;
  if (promise !== undefined) {
    for (const row of rows) {
      if (keepsPromise(run, row, promise)) kept++;
    }
  }
  return {
    e2e_mean: e2e.mean,
    e2e_p50: e2e.p50,
    e2e_p99: e2e.p99,
    ttft_p50: ttft.p50,
    ttft_p99: ttft.p99,
    tpot_p50: tpot.p50,
    kept: promise === undefined || rows.length === 0 ? NaN : kept / rows.length,
    goodput: promise === undefined ? NaN : kept / seconds,
  };
}

/** A value for each of {@link MEASURES}. */
export function byMeasure<T>(of: (measure: Measure) => T): Readonly<Record<Measure, T>> {
  return Object.fromEntries(MEASURES.map((measure) => [measure, of(measure)])) as Record<
    Measure,
    T
  >;
}
