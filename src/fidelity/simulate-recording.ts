import { Gateway } from "../gateway/gateway.ts";
import { GatewayOptions } from "../gateway/gateway-options.ts";
import { GatewayState } from "../gateway/gateway-state.ts";
import type { DecisionCore } from "../servers/continuous/decision-core.ts";
import { ContinuousEngine } from "../servers/continuous/engine.ts";
import { serve } from "../servers/continuous/serve.ts";
import type { Server } from "../servers/server.ts";
import { driveVirtually } from "../simulation/drive-virtually.ts";
import { oracleOf } from "../simulation/oracle.ts";
import { plainRequests } from "../workload/plain-requests.ts";
import { takeContent } from "../workload/transforms/take-content.ts";
import type { Requests } from "../workload/workload.ts";
import { clientPolicy } from "./client-queue.ts";
import type { RecordedClient, RecordedRequests } from "./recorded-run.ts";

/** How far a simulation went: what a fitted cost has to know of. */
export interface SimulatedRanges {
  sequences: number;
  contextTokens: number;
  prefillTokens: number;
}

/** Requests as a server and a client's queue read them. */
export type RequestsToServe = Pick<
  RecordedRequests,
  "size" | "arrival" | "promptTokens" | "outputTokens" | "priority" | "tier" | "content"
>;

/** Some of the requests, in another order. */
export function takeRows(
  { arrival, promptTokens, outputTokens, priority, tier, content }: RequestsToServe,
  rows: Int32Array,
): RequestsToServe {
  return {
    size: rows.length,
    arrival: Float64Array.from(rows, (row) => arrival[row]),
    promptTokens: rows.map((row) => promptTokens[row]),
    outputTokens: rows.map((row) => outputTokens[row]),
    priority: rows.map((row) => priority[row]),
    tier: Uint8Array.from(rows, (row) => tier[row]),
    ...content && { content: takeContent(content, rows) },
  };
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
  /** Tokens of the prompt that were in the prefix cache. */
  readonly cachedTokens: Int32Array;
  /**
   * Share of the tokens that decoding sequences attend to beyond those that they hold together: what
   * they share is held once.
   */
  readonly sharedContext: number;
  /** The most that one step held. */
  readonly most: SimulatedRanges;
}

/**
 * Serves the requests of a recording on a simulated server: handed over as they came, or through the
 * gateway with the client's window and the order of its queue. An estimate is then the true length: a
 * recording says no other.
 *
 * @param server with the flags that the recording ran with
 * @param client null: there was no queue in front of the server
 * @param watch is told of every step, and how often it was taken in a row
 */
export function simulateRecording(
  requests: RequestsToServe,
  { config, cost }: Server,
  client: RecordedClient | null,
  watch?: (core: DecisionCore, repeats: number) => void,
): SimulatedRecording {
  const most: SimulatedRanges = { sequences: 0, contextTokens: 0, prefillTokens: 0 };
  const shares = requests.content !== undefined && config.enable_prefix_caching;
  let attended = 0, held = 0;
  const observe = (core: DecisionCore, repeats: number) => {
    const { step, freeBlocks } = core;
    if (shares && step.prefilling === 0 && step.decoding > 0) {
      // A sequence leaves half of its last block empty on the average.
      const used = (config.num_gpu_blocks - 1 - freeBlocks) * config.block_size -
        step.decoding * (config.block_size - 1) / 2;
      attended += repeats * step.context;
      held += repeats * Math.min(Math.max(used, 0), step.context);
    }
    const last = step.context + (repeats - 1) * step.decoding;
    most.sequences = Math.max(most.sequences, step.decoding);
    most.contextTokens = Math.max(most.contextTokens, last);
    most.prefillTokens = Math.max(most.prefillTokens, step.prefillTokens);
    watch?.(core, repeats);
  };
  if (client === null) {
    const served = serve(requests, config, { cost, observe });
    return { ...served, submitted: requests.arrival, sharedContext: shareOf(held, attended), most };
  }
  const { priority, outputTokens } = requests;
  const options = GatewayOptions.parse({
    scheduler: {
      policy: clientPolicy(client.order, requests),
      estimator: oracleOf(requests),
    },
    dispatch: { rule: "in-flight", window: client.in_flight_window },
    // One after the other, also those of one instant: who comes to an open window goes through.
    arrivals: "one by one",
  });
  const state = new GatewayState(requestsOf(requests), { servers: 1, options });
  const engine = new ContinuousEngine(config, requests, { cost, observe });
  const gateway = new Gateway(state, options, {
    outlet: {
      send: (request) => engine.submit(request, state.record.start[request], priority[request]),
    },
  });
  driveVirtually(gateway, {
    servers: [engine],
    truth: { outputTokens },
    endsReachOthers: false,
    hearsTokens: false,
  });
  const { scheduled, firstToken, finish, preemptions, cachedTokens } = engine;
  const submitted = state.record.start;
  return {
    ...{ submitted, scheduled, firstToken, finish, preemptions, cachedTokens, most },
    sharedContext: shareOf(held, attended),
  };
}

function shareOf(held: number, attended: number): number {
  return attended > 0 ? 1 - held / attended : 0;
}

/** The recorded requests as a gateway sees them. */
function requestsOf({ arrival, promptTokens, outputTokens, tier }: RequestsToServe): Requests {
  const tiers = tier.reduce((most, each) => Math.max(most, each), 0) + 1;
  return {
    ...plainRequests({ arrival, promptTokens, maxTokens: outputTokens }),
    tier: { codes: tier, names: Array.from({ length: tiers }, (_, i) => String(i)) },
  };
}
