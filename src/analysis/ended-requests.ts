/** When requests arrived and ended, seconds since the run's start. Shape (n) each. */
export interface EndedRequests {
  readonly arrival: Float64Array;
  /** NaN where a request never ended. */
  readonly finish: Float64Array;
}

/**
 * End-to-end latency (arrival to last token) as `latencyOf` takes it of a run: shape (n), seconds, NaN
 * where a request never ended.
 */
export function endToEnd({ arrival, finish }: EndedRequests): Float64Array {
  return finish.map((at, row) => at - arrival[row]);
}
