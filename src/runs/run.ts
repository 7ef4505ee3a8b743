import type { Labels, Requests, WorkloadProvenance } from "../workload/workload.ts";

export { type Status, STATUSES } from "../workload/statuses.ts";

/** How a run came to be: enough to make it again. No wall-clock facts. */
export interface RunProvenance {
  readonly workload: WorkloadProvenance;
  /** Policy and estimator (`{ name, options }` each) and the order of feedback, after defaults. */
  readonly scheduler: Readonly<Record<string, unknown>>;
  /** Dispatch rule and servers, and their options after defaults. */
  readonly engine: Readonly<Record<string, unknown>>;
}

/** A column of what an estimator believed or learned of each request. Shape (n). */
export type BeliefColumn = Float64Array | Int32Array | Labels;

/**
 * What happened to n requests, by column; shape (n) each, in the order of the workload's rows.
 * Times are seconds since the run's start, NaN where the instant never came.
 */
export interface Run {
  readonly size: number;
  readonly requests: Requests;
  /** Codes index {@link STATUSES}. */
  readonly status: Uint8Array;
  readonly arrival: Float64Array;
  /** When the request was handed over to its server; in a micro-batch, when the whole batch was. */
  readonly start: Float64Array;
  /** When the server first scheduled it (where vLLM ends its queue time); NaN where it is not known. */
  readonly scheduled: Float64Array;
  /** When its first token was there; NaN where answers come whole, as from a static batch. */
  readonly firstToken: Float64Array;
  /** When its last token was there; in a micro-batch, when the longest member's was. */
  readonly finish: Float64Array;
  /** Server that it was handed to last, from 0; -1: none, or not known. */
  readonly server: Int32Array;
  /** How often the server preempted it; -1 where it is not known. */
  readonly preemptions: Int32Array;
  /** Prompt tokens that the server found in its prefix cache; -1 where it is not known. */
  readonly cachedTokens: Int32Array;
  /** Batch that served it, from 0 in order of start, and its size; -1 where there are no batches. */
  readonly batch: Int32Array;
  readonly batchSize: Int32Array;
  /** Tokens the model generated; -1 unless completed. */
  readonly outputTokens: Int32Array;

  /** Prompt length in the unit of the run's estimator: words or tokens. */
  readonly inputLength: Int32Array;
  /** Mean length of the answer as estimated on admission, in that unit; NaN: never estimated. */
  readonly estimatedOutput: Float64Array;
  /** Length of the answer in that unit; -1: never reported. */
  readonly actualOutput: Int32Array;
  /** Place in the order of learning, from 0; -1: not learned from. */
  readonly feedbackPlace: Int32Array;
  /**
   * What the estimator believed and learned besides, by its own names; {} where there was none. Those
   * of `calibrated`: `category`, `base`, `factor`, `safetyFactor`, `inputFactor`, and of the request's
   * own feedback `ratio`, `factorBefore`, `factorAfter`.
   */
  readonly beliefs: Readonly<Record<string, BeliefColumn>>;

  /** Shape (phases), seconds since the run's start at which each phase's clock began. */
  readonly phaseStart: Float64Array;
  readonly provenance: RunProvenance;
}
