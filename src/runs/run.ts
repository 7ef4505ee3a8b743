import type { Labels, Requests, WorkloadProvenance } from "../workload/workload.ts";

/** Terminal states of a request, by code. Every request of a finished run is in exactly one. */
export const STATUSES = ["completed", "failed", "rejected", "cancelled"] as const;
export type Status = (typeof STATUSES)[number];

/** How a run came to be: enough to make it again. No wall-clock facts. */
export interface RunProvenance {
  readonly workload: WorkloadProvenance;
  /** Options of the gateway after defaults. */
  readonly scheduler: Readonly<Record<string, unknown>>;
  /** Engine or server, and its options after defaults. */
  readonly engine: Readonly<Record<string, unknown>>;
}

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
  /** When the request was handed to the engine; in a micro-batch, when the whole batch was. */
  readonly start: Float64Array;
  /** When its first token was there; NaN where answers come whole, as from a micro-batch. */
  readonly firstToken: Float64Array;
  /** When its last token was there; in a micro-batch, when the longest member's was. */
  readonly finish: Float64Array;
  /** Batch that served it, from 0 in order of start, and its size; -1 where there are no batches. */
  readonly batch: Int32Array;
  readonly batchSize: Int32Array;
  /** Tokens the model generated; -1 unless completed. */
  readonly outputTokens: Int32Array;

  /** Category that the estimator believed. */
  readonly believedCategory: Labels;
  /** Lengths in the unit of the run's counting mode: words or tokens. */
  readonly inputLength: Int32Array;
  readonly estimatedOutput: Int32Array;
  readonly actualOutput: Int32Array;
  readonly totalBudget: Int32Array;
  readonly baseTokens: Float64Array;
  readonly bias: Float64Array;
  readonly safetyFactor: Float64Array;
  readonly inputFactor: Float64Array;

  /** Factor of the category before and after this request's feedback, and the ratio learned. */
  readonly feedbackOld: Float64Array;
  readonly feedbackMeasured: Float64Array;
  readonly feedbackNew: Float64Array;
  /** Place in the order of learning, from 0; -1: not learned from. */
  readonly feedbackPlace: Int32Array;

  /** Shape (phases), seconds since the run's start at which each phase's clock began. */
  readonly phaseStart: Float64Array;
  readonly provenance: RunProvenance;
}
