import type { Labels } from "../../workload/workload.ts";

/**
 * What a cell of `metrics.csv` holds: `label` and `id` text; `count` an integer ≥ 0; `seconds` and
 * `factor` a number. Empty: nothing there yet (-1 for counts, NaN for numbers, "" for text).
 */
export type MetricsKind = "label" | "id" | "count" | "seconds" | "factor";

/**
 * The columns of the reference's `metrics.csv`, in its order. Source: driftsched reference, "What a
 * run writes".
 */
export const METRICS_COLUMNS = {
  /** When the row was final: the request's finish. */
  timestamp: "seconds",
  /** Policy. */
  scheduler_type: "label",
  request_id: "id",
  tenant_id: "label",
  /** Job type that the client meant. */
  job_type: "label",
  /** Job type that the estimator believed. */
  workload_category: "label",
  priority_tier: "label",
  batch_id: "id",
  batch_size: "count",
  /** Lengths in the unit of the run's counting mode, words or tokens, down to `generated_tokens`. */
  total_token_budget: "count",
  estimated_output_tokens: "count",
  /** The cap that was sent, always in tokens. */
  max_output_tokens: "count",
  generated_tokens: "count",
  queue_enter_time: "seconds",
  worker_start_time: "seconds",
  worker_finish_time: "seconds",
  queue_wait_seconds: "seconds",
  inference_seconds: "seconds",
  end_to_end_seconds: "seconds",
  /** The reference's name for `inference_seconds`, once more. */
  latency_seconds: "seconds",
  status: "label",
  feedback_old_bias: "factor",
  feedback_measured_bias: "factor",
  feedback_new_bias: "factor",
  estimation_bias: "factor",
  base_tokens: "factor",
  safety_factor: "factor",
  input_factor: "factor",
} as const satisfies Record<string, MetricsKind>;

/** A column of `metrics.csv` in memory. Shape (n). */
export interface MetricsArrays {
  readonly label: Labels;
  readonly id: readonly string[];
  readonly count: Int32Array;
  readonly seconds: Float64Array;
  readonly factor: Float64Array;
}

/** The content of a `metrics.csv`, by column; times are Unix seconds. */
export interface Metrics {
  readonly size: number;
  readonly columns: {
    readonly [K in keyof typeof METRICS_COLUMNS]: MetricsArrays[(typeof METRICS_COLUMNS)[K]];
  };
}
