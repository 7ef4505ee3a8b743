import { parseWith } from "../../errors/parse-with.ts";
import { assertAnswers, assertArrivals } from "../assert-servable.ts";
import { ServerConfig, type ServerConfigInput } from "./config.ts";
import { ContinuousEngine, type EngineOptions, type Served } from "./engine.ts";
import type { RequestLengths } from "./server-requests.ts";
import type { ServerSeries } from "./server-series.ts";

/** Requests that go straight to the server, by column. Shape (n) each. */
export interface ServerWorkload extends RequestLengths {
  /** Seconds since the run's start, ascending. */
  readonly arrival: Float64Array;
  /** Lower is more urgent. @default all 0 */
  readonly priority?: Int32Array;
}

/** A whole run of a server. */
export interface ServedWorkload extends Served {
  /** Steps that the device computed. */
  readonly steps: number;
  /** Joules drawn from instant 0 to the end of the last step; NaN unless `power` is given. */
  readonly joules: number;
  /** null unless asked for. */
  readonly series: ServerSeries | null;
}

/**
 * Serves a whole workload without a gateway: every request is handed over as it arrives.
 *
 * @param config see `ServerConfig`; an InputError says what vLLM would not start with
 * @example
 * const { finish } = servers.serve({ arrival, promptTokens, outputTokens }, config, { cost });
 */
export function serve(
  workload: ServerWorkload,
  config: ServerConfigInput,
  options: Omit<EngineOptions, "events">,
): ServedWorkload {
  const { arrival, priority } = workload;
  const server = parseWith(ServerConfig, config, "server configuration");
  const engine = new ContinuousEngine(server, workload, { ...options, events: false });
  assertArrivals(arrival, { first: 0, end: arrival.length });
  assertAnswers(workload.outputTokens);
  engine.submitAll(arrival, priority);
  engine.advance(Infinity);
  const { scheduled, firstToken, finish, preemptions, cachedTokens, state } = engine;
  const { steps, joules, series } = engine;
  return { scheduled, firstToken, finish, preemptions, cachedTokens, state, steps, joules, series };
}
