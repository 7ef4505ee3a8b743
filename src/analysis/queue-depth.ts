import * as aq from "arquero";
import type { LabelledRun } from "./labelled-run.ts";

/** Options of {@link queueDepth}. */
export interface QueueDepthOptions {
  /** Instants at which the depth is read, evenly spaced over all runs' span. @default 240 */
  readonly points?: number;
}

/**
 * Requests that wait, per tier, over time: arrived and not yet handed to the engine. Columns:
 * `policy`, `tier`, `seconds` (since the run's start), `depth`.
 */
export function queueDepth(
  runs: readonly LabelledRun[],
  { points = 240 }: QueueDepthOptions = {},
): aq.ColumnTable {
  const end = Math.max(...runs.map(({ run }) => run.start.reduce((a, b) => Math.max(a, b), 0)));
  return aq.from(runs.flatMap(({ run, policy }) => {
    const { codes, names } = run.requests.tier;
    return names.flatMap((tier, code) => {
      const ofTier = (_: number, row: number) => codes[row] === code;
      const arrivals = run.arrival.filter(ofTier).sort();
      const starts = run.start.filter(ofTier).sort();
      let arrived = 0;
      let started = 0;
      return Array.from({ length: points }, (_, i) => {
        const seconds = end * i / (points - 1);
        while (arrived < arrivals.length && arrivals[arrived] <= seconds) arrived++;
        while (started < starts.length && starts[started] <= seconds) started++;
        return { policy, tier, seconds, depth: arrived - started };
      });
    });
  }));
}
