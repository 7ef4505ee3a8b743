import { z } from "zod";
import { parseWith } from "../errors/parse-with.ts";
import type { Run } from "../runs/run.ts";
import type { SchedulerOptionsInput } from "../scheduler/options.ts";
import { Scheduler } from "../scheduler/scheduler.ts";
import type { Workload } from "../workload/workload.ts";
import { MicroBatchOptions, serveMicroBatches } from "./micro-batch.ts";
import { L4_QWEN15_1_8B } from "./step-cost/presets.ts";
import type { StepCost } from "./step-cost/step-cost.ts";

/** Options of {@link simulate}. */
export interface SimulateOptions {
  /** Options of the gateway. @default the paper's FIFO with calibration */
  readonly scheduler?: SchedulerOptionsInput;
  /** Options of the micro-batch worker. @default the paper's */
  readonly microBatch?: z.input<typeof MicroBatchOptions>;
  /** What a step costs. @default Qwen1.5-1.8B-Chat, fp16, on one L4 */
  readonly cost?: StepCost;
}

/**
 * Runs a workload through the gateway and the paper's micro-batch worker in virtual time.
 * Deterministic: no draw, no clock.
 *
 * @example
 * const run = simulate(paperWorkload({ seed: 1 }), { scheduler: { policy: "sjf" } });
 */
export function simulate(workload: Workload, options: SimulateOptions = {}): Run {
  const { cost = L4_QWEN15_1_8B } = options;
  const microBatch = parseWith(MicroBatchOptions, options.microBatch ?? {}, "micro-batch options");
  const scheduler = new Scheduler(workload.requests, options.scheduler);
  const service = serveMicroBatches(workload, scheduler, { ...microBatch, cost });
  const { record, columns } = scheduler;
  const { size } = workload.requests;
  return {
    size,
    requests: workload.requests,
    status: new Uint8Array(size),
    arrival: record.queuedAt,
    ...service,
    outputTokens: workload.truth.outputTokens,
    believedCategory: columns.category,
    inputLength: columns.inputTokens,
    estimatedOutput: record.estimatedOutput,
    actualOutput: record.actualOutput,
    totalBudget: record.totalBudget,
    baseTokens: columns.baseTokens,
    bias: record.bias,
    safetyFactor: columns.safetyFactor,
    inputFactor: columns.inputFactor,
    feedbackOld: record.feedbackOld,
    feedbackMeasured: record.feedbackMeasured,
    feedbackNew: record.feedbackNew,
    feedbackPlace: record.feedbackPlace,
    provenance: {
      workload: workload.provenance,
      scheduler: scheduler.options,
      engine: { name: "micro-batch", ...microBatch, cost: cost.name },
    },
  };
}
