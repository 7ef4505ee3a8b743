import { NOT_OVER } from "../gateway/gateway-record.ts";
import type { GatewayState } from "../gateway/gateway-state.ts";
import { recordOfScheduler } from "../gateway/options.ts";
import { type Run, STATUSES } from "../runs/run.ts";
import type { ServerInstance } from "../servers/server-instance.ts";
import type { Workload } from "../workload/workload.ts";

const COMPLETED = STATUSES.indexOf("completed");
const FAILED = STATUSES.indexOf("failed");

/** What {@link runOfGateway} is given besides the gateway's own state. */
export interface ServedBy {
  /** Dispatch rule and servers, for provenance. */
  readonly engine: Readonly<Record<string, unknown>>;
  /** Servers that know when they first scheduled a request and how often they preempted it. */
  readonly instances?: readonly ServerInstance[];
}

/**
 * What a gateway's run came to, as a run: the same columns with the same meanings, simulated or live.
 * Columns are the gateway's own, not copies. A request that never ended counts as failed.
 */
export function runOfGateway(
  workload: Workload,
  { record, scheduler, phaseStart }: GatewayState,
  { engine, instances = [] }: ServedBy,
): Run {
  const { requests } = workload;
  const { size } = requests;
  const status = record.status.includes(NOT_OVER)
    ? record.status.map((code) => code === NOT_OVER ? FAILED : code)
    : record.status;
  const ofServer = <C extends Float64Array | Int32Array>(
    column: C,
    of: (instance: ServerInstance) => C,
  ): C => {
    if (instances.length === 1) return of(instances[0]);
    for (let row = 0; row < size; row++) {
      const instance = instances[record.server[row]];
      if (instance !== undefined) column[row] = of(instance)[row];
    }
    return column;
  };
  return {
    size,
    requests,
    status,
    arrival: scheduler.record.queuedAt,
    start: record.start,
    scheduled: ofServer(new Float64Array(size).fill(NaN), ({ scheduled }) => scheduled),
    firstToken: record.firstToken,
    finish: record.finish,
    server: record.server,
    preemptions: ofServer(new Int32Array(size).fill(-1), ({ preemptions }) => preemptions),
    cachedTokens: instances.length === 0
      ? record.cachedTokens
      : ofServer(new Int32Array(size).fill(-1), ({ cachedTokens }) => cachedTokens),
    batch: record.batch,
    batchSize: record.batchSize,
    outputTokens: status.every((code) => code === COMPLETED)
      ? record.outputTokens
      : record.outputTokens.map((tokens, row) => status[row] === COMPLETED ? tokens : -1),
    inputLength: scheduler.inputLength,
    estimatedOutput: scheduler.record.estimatedOutput,
    actualOutput: scheduler.record.actualOutput,
    feedbackPlace: scheduler.record.feedbackPlace,
    beliefs: scheduler.beliefs,
    phaseStart,
    provenance: {
      workload: workload.provenance,
      scheduler: { ...recordOfScheduler(scheduler.options) },
      engine,
    },
  };
}
