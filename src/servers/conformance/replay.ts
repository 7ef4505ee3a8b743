import type { ServerConfig } from "../continuous/config.ts";
import type { DecisionCore } from "../continuous/decision-core.ts";
import type { PlannedStep } from "../continuous/planned-step.ts";
import type { RequestList } from "../continuous/request-list.ts";
import type { ServerRequests } from "../continuous/server-requests.ts";
import type { Scenario, StepRun } from "./scenario.ts";

/** Makes the core under test. */
export type CoreConstructor = new (
  config: ServerConfig,
  requests: ServerRequests,
) => DecisionCore;

const ascending = (list: RequestList) => list.toArray().sort((a, b) => a - b);

function cachedIn({ admitted, cached }: PlannedStep): (readonly [number, number])[] {
  return admitted.toArray().map((request, place) => [request, cached[place]] as const)
    .filter(([, tokens]) => tokens > 0)
    .sort(([a], [b]) => a - b);
}

/**
 * Drives a core through a scenario as vLLM's class was driven: time is counted in calls of
 * `schedule()`, and when nothing is unfinished and nothing in flight it jumps to the next arrival.
 * @throws Error when the core makes more steps than `maxSteps`
 */
export function replay(scenario: Scenario, Core: CoreConstructor, maxSteps = 1e6): StepRun[] {
  const { config, arrivalStep, promptTokens, outputTokens, maxTokens, priority, content } =
    scenario;
  const core = new Core(config, {
    promptTokens,
    outputTokens,
    maxTokens,
    priority,
    content,
    arrivalRank: arrivalStep,
  });
  const order = Array.from(arrivalStep.keys()).sort((a, b) => arrivalStep[a] - arrivalStep[b]);
  const depth = config.async_scheduling ? 2 : 1;
  const requests = new Int32Array(config.max_num_seqs);
  const tokens = new Int32Array(config.max_num_seqs);
  const runs: StepRun[] = [];
  const aborts = [...scenario.aborts ?? []].sort(([a], [b]) => a - b);
  const open = new Set<number>();
  let arrived = 0, aborted = 0;

  const add = (request: number) => {
    open.add(request);
    // It may have come while a step was repeated.
    core.view.now = arrivalStep[request];
    core.add(request);
  };
  const deliver = (): number[] => {
    core.deliver();
    const finished = ascending(core.delivery.finished);
    for (const request of finished) open.delete(request);
    return finished;
  };

  for (let at = 0, repeats = 1; at < maxSteps; at += repeats) {
    while (arrived < order.length && arrivalStep[order[arrived]] <= at) add(order[arrived++]);
    for (; aborted < aborts.length && aborts[aborted][0] <= at; aborted++) {
      if (open.delete(aborts[aborted][1])) core.abort(aborts[aborted][1]);
    }
    const nextAbort = aborted < aborts.length ? aborts[aborted][0] : Infinity;
    const nextArrival = arrived < order.length ? arrivalStep[order[arrived]] : Infinity;
    repeats = 1;
    if (core.unfinished > 0) {
      core.view.now = at;
      core.schedule();
      const { step } = core;
      repeats = Math.min(step.repeats, nextAbort - at);
      if (step.heedsArrivals) repeats = Math.min(repeats, nextArrival - at);
      const size = core.copyScheduled(requests, tokens);
      const scheduled = Array.from(
        { length: size },
        (_, i): [number, number] => [requests[i], tokens[i]],
      );
      const preempted = ascending(step.preempted);
      const cached = cachedIn(step);
      core.take(repeats);
      const finished = core.inFlight === depth || size === 0 ? deliver() : [];
      runs.push({ at, repeats, scheduled, preempted, finished, cached });
    } else if (core.inFlight > 0) {
      const finished = deliver();
      runs.push({ at, repeats: 1, scheduled: [], preempted: [], finished, cached: [] });
    } else if (nextArrival < Infinity) repeats = nextArrival - at;
    else return runs;
  }
  throw new Error(`scenario ${scenario.id}: no end after ${maxSteps} steps`);
}
