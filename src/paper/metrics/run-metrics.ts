import type { Labels } from "../../workload/workload.ts";
import type { Metrics } from "./metrics-columns.ts";
import { beliefOf, believedCategory } from "../../runs/beliefs.ts";
import { type Run, STATUSES } from "../../runs/run.ts";
import { endToEnd, queueWait } from "../../runs/latencies.ts";
import { policyNameOf } from "../../runs/scheduler-of-run.ts";

/** Options of {@link runMetrics}. */
export interface RunMetricsOptions {
  /**
   * Unix seconds of the run's start. Doubles near 1.8e9 are 0.24 µs apart, so a real epoch rounds
   * the instants (durations are taken before it is added). @default 0
   */
  readonly epochSeconds?: number;
}

/**
 * What the reference writes of a run, by column; requests are numbered from 0 in row order. Source:
 * driftsched reference, "What a run writes".
 */
export function runMetrics(run: Run, { epochSeconds = 0 }: RunMetricsOptions = {}): Metrics {
  const { size, requests, arrival, start, finish } = run;
  const unix = (seconds: Float64Array) => seconds.map((at) => epochSeconds + at);
  const policy: Labels = {
    codes: new Uint8Array(size),
    names: [policyNameOf(run.provenance) ?? "unknown"],
  };
  const inference = finish.map((at, row) => at - start[row]);
  const numbers = (name: string) => Float64Array.from(beliefOf(run, name));
  // The reference rounds down; where nobody estimated, the cell stays empty.
  const counts = (lengths: Float64Array) =>
    Int32Array.from(lengths, (length) => Number.isNaN(length) ? -1 : Math.floor(length));
  return {
    size,
    columns: {
      timestamp: unix(finish),
      scheduler_type: policy,
      request_id: Array.from({ length: size }, (_, row) => String(row)),
      tenant_id: requests.tenant,
      job_type: requests.category,
      workload_category: believedCategory(run),
      priority_tier: requests.tier,
      batch_id: Array.from(run.batch, (batch) => batch < 0 ? "" : String(batch)),
      batch_size: run.batchSize,
      total_token_budget: counts(
        run.estimatedOutput.map((each, row) => each + run.inputLength[row]),
      ),
      estimated_output_tokens: counts(run.estimatedOutput),
      max_output_tokens: requests.maxTokens,
      generated_tokens: run.actualOutput,
      queue_enter_time: unix(arrival),
      worker_start_time: unix(start),
      worker_finish_time: unix(finish),
      queue_wait_seconds: start.map((at, row) => queueWait(arrival[row], at)),
      inference_seconds: inference,
      end_to_end_seconds: finish.map((at, row) => endToEnd(arrival[row], at)),
      latency_seconds: inference,
      status: { codes: run.status, names: STATUSES },
      feedback_old_bias: numbers("factorBefore"),
      feedback_measured_bias: numbers("ratio"),
      feedback_new_bias: numbers("factorAfter"),
      estimation_bias: numbers("factor"),
      base_tokens: numbers("base"),
      safety_factor: numbers("safetyFactor"),
      input_factor: numbers("inputFactor"),
    },
  };
}
