import * as aq from "arquero";
import { InputError } from "../errors/input-error.ts";
import { mean } from "../statistics/quantile.ts";
import type { NamedTrace } from "./named-trace.ts";

/** Options of {@link trafficOverTime}. */
export interface TrafficOverTimeOptions {
  /** Windows of equal length that a trace is cut into. @default 40 */
  readonly windows?: number;
}

/**
 * How traffic and lengths move over a trace: each window's arrivals, and the mean length of its
 * answers, as multiples of the trace's own means. Columns: `trace`, `hours` (the window's middle,
 * since the first arrival), `elapsed` (the same as a share of the span), `requests`, `arrivals`,
 * `answers` (NaN in a window without requests). Throws an InputError for a workload of several
 * phases, or without a span.
 */
export function trafficOverTime(
  traces: readonly NamedTrace[],
  { windows = 40 }: TrafficOverTimeOptions = {},
): aq.ColumnTable {
  return aq.from(traces.flatMap(({ trace, workload: { requests, truth } }) => {
    const { arrival, size, phases } = requests;
    const span = arrival[size - 1] - arrival[0];
    if (phases.length > 1 || !(span > 0)) {
      throw new InputError({
        file: "trafficOverTime",
        field: trace,
        value: phases.length > 1 ? `${phases.length} phases` : `${size} requests`,
        expected: "one phase whose requests do not all arrive at one instant",
      });
    }
    const counts = new Float64Array(windows);
    const tokens = new Float64Array(windows);
    for (let row = 0; row < size; row++) {
      const since = (arrival[row] - arrival[0]) / span;
      const window = Math.min(windows - 1, Math.floor(since * windows));
      counts[window]++;
      tokens[window] += truth.outputTokens[row];
    }
    const meanTokens = mean(truth.outputTokens);
    return Array.from(counts, (count, window) => {
      const elapsed = (window + 0.5) / windows;
      return {
        ...{ trace, hours: elapsed * span / 3600, elapsed, requests: count },
        arrivals: count * windows / size,
        answers: tokens[window] / count / meanTokens,
      };
    });
  }));
}
