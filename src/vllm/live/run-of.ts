import type { Run } from "../../runs/run.ts";
import type { Workload } from "../../workload/workload.ts";
import type { LiveGateway } from "./gateway.ts";

/**
 * What a live run came to, as any other run: the same columns with the same meanings, measured.
 * The gateway's run must have ended.
 *
 * @param engine what served, for provenance
 */
export function runOf(
  workload: Workload,
  gateway: LiveGateway,
  engine: Readonly<Record<string, unknown>>,
): Run {
  const { record: live, scheduler } = gateway;
  const { record, columns } = scheduler;
  return {
    size: workload.requests.size,
    requests: workload.requests,
    status: live.status,
    arrival: record.queuedAt,
    start: live.start,
    firstToken: live.firstToken,
    finish: live.finish,
    batch: live.batch,
    batchSize: live.batchSize,
    phaseStart: gateway.phaseStart,
    outputTokens: live.outputTokens,
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
      engine,
    },
  };
}
