import type { Run } from "../runs/run.ts";
import type { Scheduler } from "../gateway/scheduler.ts";

/**
 * The columns of a run that the gateway itself knows, whoever served: when it queued a request, what
 * it believed of it, and what it learned. Shared with the scheduler, not copied.
 */
export function scheduledColumns({ record, columns }: Scheduler) {
  return {
    arrival: record.queuedAt,
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
  } satisfies Partial<Run>;
}
