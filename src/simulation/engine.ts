/** Who was served when: what an engine adds to the scheduler's record. Shape (n) unless said. */
export interface Service {
  /** Terminal state of each request; codes index a run's STATUSES. */
  readonly status: Uint8Array;
  /** Seconds since the run's start; NaN where it never came. */
  readonly start: Float64Array;
  /** First token; NaN in a static batch, which hands its answers over at the end. */
  readonly firstToken: Float64Array;
  readonly finish: Float64Array;
  /** Batch and its size; -1 where the engine has no batches. */
  readonly batch: Int32Array;
  readonly batchSize: Int32Array;
  /** Shape (phases), seconds since the run's start. */
  readonly phaseStart: Float64Array;
}
