import { scheduledColumns } from "../simulation/scheduled-columns.ts";
import type { Run } from "../runs/run.ts";
import type { Workload } from "../workload/workload.ts";
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
  return {
    size: workload.requests.size,
    requests: workload.requests,
    status: live.status,
    start: live.start,
    firstToken: live.firstToken,
    finish: live.finish,
    batch: live.batch,
    batchSize: live.batchSize,
    phaseStart: gateway.phaseStart,
    outputTokens: live.outputTokens,
    ...scheduledColumns(scheduler),
    provenance: {
      workload: workload.provenance,
      scheduler: scheduler.options,
      engine,
    },
  };
}
