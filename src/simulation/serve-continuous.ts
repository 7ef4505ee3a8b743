import { STATUSES } from "../runs/run.ts";
import type { Scheduler } from "../gateway/scheduler.ts";
import { phaseEnd, type Workload } from "../workload/workload.ts";
import type { ServerConfigInput } from "../servers/continuous/config.ts";
import { ContinuousEngine } from "../servers/continuous/engine.ts";
import { FINISHED } from "../servers/continuous/event-log.ts";
import type { ServerSeries } from "../servers/continuous/server-series.ts";
import type { DispatchRule } from "../gateway/dispatch-rule.ts";
import type { Service } from "./engine.ts";
import type { StepCost } from "../servers/costs/step-cost.ts";

const FAILED = STATUSES.indexOf("failed");

/** Options of {@link serveContinuous}. */
export interface ServeContinuousOptions {
  readonly server: ServerConfigInput;
  readonly cost: StepCost;
  readonly dispatch: DispatchRule;
  /** See `EngineOptions`. @default skipping */
  readonly stepping?: "skipping" | "stepwise";
  /** Whether to record the server's series. @default false */
  readonly series?: boolean;
}

/** What the server adds to a {@link Service}. Shape (n) each. */
export interface ContinuousService extends Service {
  readonly preemptions: Int32Array;
  readonly series: ServerSeries | null;
}

/**
 * The gateway in front of a vLLM server in virtual time: requests are estimated and queued as they
 * arrive, handed over by the dispatch rule, learned from as they finish. `start` is the hand-over.
 * At one instant a finish reports before an arrival is estimated, and a free place is filled last. A
 * phase starts `afterDrainSeconds` after the last request of the one before has ended: with
 * `pass-through` the queue to be drained is the server's own.
 *
 * @example
 * const service = serveContinuous(workload, scheduler, { server, cost, dispatch });
 */
export function serveContinuous(
  workload: Workload,
  scheduler: Scheduler,
  { server, cost, dispatch, stepping, series = false }: ServeContinuousOptions,
): ContinuousService {
  const { requests, truth } = workload;
  const passing = dispatch.rule === "pass-through";
  const window = passing ? Infinity : dispatch.window;
  const rank = passing ? scheduler.serverRank() : () => 0;
  const engine = new ContinuousEngine(
    // The gateway's order reaches the server only through its priorities.
    passing ? { ...server, scheduling_policy: "priority" } : server,
    {
      promptTokens: requests.promptTokens,
      outputTokens: truth.outputTokens,
      maxTokens: requests.maxTokens,
    },
    { cost, stepping, series },
  );
  const start = new Float64Array(requests.size).fill(NaN);
  const phaseStart = new Float64Array(requests.phases.length);
  let now = 0;
  let open = 0;
  let arrived = 0;

  const handOver = () => {
    while (open < window && scheduler.waiting > 0) {
      const request = scheduler.next(now);
      start[request] = now;
      if (engine.submit(request, now, rank(request))) open++;
      else scheduler.abandon(request);
    }
  };
  const report = () => {
    const { events } = engine;
    for (let i = 0; i < events.size; i++) {
      if (events.kind[i] !== FINISHED) continue;
      const request = events.request[i];
      open--;
      scheduler.observe(request, {
        outputTokens: truth.outputTokens[request],
        outputWords: truth.outputWords?.[request],
      });
    }
  };

  for (let phase = 0; phase < requests.phases.length; phase++) {
    const origin = phase === 0 ? 0 : now + requests.phases[phase].afterDrainSeconds;
    const end = phaseEnd(requests, phase);
    phaseStart[phase] = origin;
    while (arrived < end || open > 0) {
      const next = arrived < end ? origin + requests.arrival[arrived] : Infinity;
      const reached = engine.advance(next);
      report();
      if (reached === Infinity) break;
      now = reached;
      while (arrived < end && origin + requests.arrival[arrived] <= now) {
        scheduler.admit(arrived++, now);
      }
      handOver();
    }
    open = 0;
  }
  // What the server would preempt for ever has no finish to report.
  const status = engine.state.map((state) => state < STATUSES.length ? state : FAILED);
  for (let request = 0; request < status.length; request++) {
    if (status[request] === FAILED) scheduler.abandon(request);
  }
  return {
    start,
    finish: engine.finish,
    batch: new Int32Array(requests.size).fill(-1),
    batchSize: new Int32Array(requests.size).fill(-1),
    phaseStart,
    status,
    firstToken: engine.firstToken,
    preemptions: engine.preemptions,
    series: engine.series,
  };
}
