import type { NamedTrace } from "../analysis/named-trace.ts";
import type { ServerFile } from "../servers/costs/server-file.ts";
import type { SimulateOptions } from "../simulation/simulate.ts";
import { serverCapacity } from "../sweeps/server-capacity.ts";

/** What serves the traces: a server behind a window of requests in flight. */
export interface TraceServer {
  readonly server: ServerFile;
  /** Requests open at the server at most. */
  readonly window: number;
}

/** A trace with the options of its simulations, and what the server can do of it. */
export interface RatedTrace extends NamedTrace {
  /** The trace's cap on answers, tokens: the largest of its requests. */
  readonly cap: number;
  /** Options of `simulate`; the base estimate is `cap` for every request. */
  readonly base: SimulateOptions;
  /** Requests of the trace's mix that the server completes a second, see `serverCapacity`. */
  readonly capacity: number;
}

/**
 * Prepares traces for the paper's grid in front of a server: every request gets the trace's own cap as
 * its base estimate, and the server's capacity is measured for each trace.
 *
 * @example
 * const server = await loadServerFile("l4-qwen3-1.7b");
 * const [rated] = rateTraces([{ trace: "mine", workload: trace }], { server, window: 64 });
 */
export function rateTraces(
  traces: readonly NamedTrace[],
  { server, window }: TraceServer,
): RatedTrace[] {
  return traces.map(({ trace, workload }) => {
    const cap = workload.requests.maxTokens.reduce((most, tokens) => Math.max(most, tokens), 1);
    const base: SimulateOptions = {
      server,
      dispatch: { rule: "in-flight", window },
      scheduler: { estimator: { options: { defaultBaseTokens: cap } } },
    };
    return { trace, workload, cap, base, capacity: serverCapacity(workload, base) };
  });
}
