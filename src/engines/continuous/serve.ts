import { InputError } from "../../errors/input-error.ts";
import type { ServerConfigInput } from "./config.ts";
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
  /** null unless asked for. */
  readonly series: ServerSeries | null;
}

/**
 * Serves a whole workload without a gateway: every request is handed over as it arrives.
 *
 * @param config see `ServerConfig`; an InputError says what vLLM would not start with
 * @example
 * const { finish } = serve({ arrival, promptTokens, outputTokens }, config, { cost });
 */
export function serve(
  workload: ServerWorkload,
  config: ServerConfigInput,
  options: Omit<EngineOptions, "events">,
): ServedWorkload {
  const { arrival, priority } = workload;
  const engine = new ContinuousEngine(config, workload, { ...options, events: false });
  for (let request = 0; request < arrival.length; request++) {
    if (!(arrival[request] >= (request > 0 ? arrival[request - 1] : 0))) {
      throw new InputError({
        file: "workload",
        row: request + 1,
        field: "arrival",
        value: arrival[request],
        expected: "seconds since the start, not before the request above it",
      });
    }
  }
  engine.submitAll(arrival, priority);
  engine.advance(Infinity);
  const { scheduled, firstToken, finish, preemptions, state, steps, series } = engine;
  return { scheduled, firstToken, finish, preemptions, state, steps, series };
}
