/** Who was served when: what an engine adds to the scheduler's record. Shape (n) unless said. */
export interface Service {
  /** Seconds since the run's start; NaN where it never came. */
  readonly start: Float64Array;
  readonly finish: Float64Array;
  /** Batch and its size; -1 where the engine has no batches. */
  readonly batch: Int32Array;
  readonly batchSize: Int32Array;
  /** Shape (phases), seconds since the run's start. */
  readonly phaseStart: Float64Array;
}
