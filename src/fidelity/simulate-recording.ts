import type { DecisionCore } from "../servers/continuous/decision-core.ts";
import { ContinuousEngine } from "../servers/continuous/engine.ts";
import { FINISHED } from "../servers/continuous/event-log.ts";
import { serve } from "../servers/continuous/serve.ts";
import type { StepCost } from "../servers/costs/step-cost.ts";
import { clientQueue } from "./client-queue.ts";
import type { RecordedRequests, RunDescription } from "./recorded-run.ts";

/** How far a simulation went: what a fitted cost has to know of. */
export interface SimulatedRanges {
  sequences: number;
  contextTokens: number;
  prefillTokens: number;
}

/** What the simulated server did with each request of a recording. Shape (n), seconds. */
export interface SimulatedRecording {
  /** When the client sent it: its arrival, or later through a window. */
  readonly submitted: Float64Array;
  readonly scheduled: Float64Array;
  /** NaN: never. */
  readonly firstToken: Float64Array;
  readonly finish: Float64Array;
  readonly preemptions: Int32Array;
  /** The most that one step held. */
  readonly most: SimulatedRanges;
}

/**
 * Serves the requests of a recording on a simulated server with the recording's own flags: handed
 * over as they came, or through the client's window in the order of its queue.
 */
export function simulateRecording(
  requests: RecordedRequests,
  { server, client }: RunDescription,
  cost: StepCost,
): SimulatedRecording {
  const most: SimulatedRanges = { sequences: 0, contextTokens: 0, prefillTokens: 0 };
  const observe = ({ step }: DecisionCore, repeats: number) => {
    const last = step.context + (repeats - 1) * step.decoding;
    most.sequences = Math.max(most.sequences, step.decoding);
    most.contextTokens = Math.max(most.contextTokens, last);
    most.prefillTokens = Math.max(most.prefillTokens, step.prefillTokens);
  };
  if (client === null) {
    return { ...serve(requests, server, { cost, observe }), submitted: requests.arrival, most };
  }
  const { size, arrival, priority } = requests;
  const engine = new ContinuousEngine(server, requests, { cost, observe });
  const queue = clientQueue(client.order, requests);
  const submitted = new Float64Array(size).fill(NaN);
  let arrived = 0, open = 0, now = 0;
  const dispatch = () => {
    while (open < client.in_flight_window && queue.size > 0) {
      const request = queue.pop(now);
      submitted[request] = now;
      if (engine.submit(request, now, priority[request])) open++;
    }
  };
  for (;;) {
    dispatch();
    // One after the other, also those of one instant: who comes to an open window goes through.
    while (arrived < size && arrival[arrived] <= now) {
      queue.push(arrived++);
      dispatch();
    }
    if (open === 0 && arrived === size) break;
    now = engine.advance(arrived < size ? arrival[arrived] : Infinity);
    const { kind } = engine.events;
    for (let i = 0; i < engine.events.size; i++) if (kind[i] === FINISHED) open--;
    // A server that can't end anybody any more: vLLM would preempt for ever.
    if (now === Infinity || (engine.unfinished === 0 && open > 0)) break;
  }
  const { scheduled, firstToken, finish, preemptions } = engine;
  return { submitted, scheduled, firstToken, finish, preemptions, most };
}
