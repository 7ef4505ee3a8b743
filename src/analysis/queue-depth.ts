import * as aq from "arquero";
import type { Run } from "../runs/run.ts";
import { greatest, known } from "../statistics/known.ts";
import type { LabelledRun } from "./labelled-run.ts";

/** Options of {@link queueDepth}. */
export interface QueueDepthOptions {
  /** Instants at which the depth is read, evenly spaced over all runs' span. @default 240 */
  readonly points?: number;
}

/**
 * When each request left the queue: handed over, or ended without that (cancelled or rejected while it
 * waited). NaN for one that waits for ever, and for one that never arrived.
 */
function leftAt({ start, finish }: Run): Float64Array {
  return start.map((at, row) => Number.isNaN(at) ? finish[row] : at);
}

/**
 * Requests that wait, per tier, over time: arrived, and neither handed to the engine nor ended. A
 * request that never leaves the queue waits until the last instant shown. Columns: `policy`, `tier`,
 * `seconds` (since the run's start), `depth`.
 */
export function queueDepth(
  runs: readonly LabelledRun[],
  { points = 240 }: QueueDepthOptions = {},
): aq.ColumnTable {
  const leftOf = runs.map(({ run }) => leftAt(run));
  const end = greatest([0, ...[...leftOf, ...runs.map(({ run }) => run.arrival)].map(greatest)]);
  return aq.from(runs.flatMap(({ run, policy }, i) => {
    const { codes, names } = run.requests.tier;
    return names.flatMap((tier, code) => {
      const ofTier = (_: number, row: number) => codes[row] === code;
      const arrivals = known(run.arrival.filter(ofTier)).sort();
      const leavings = known(leftOf[i].filter(ofTier)).sort();
      let arrived = 0;
      let gone = 0;
      return Array.from({ length: points }, (_, point) => {
        // Not a rounding error before the last request has left.
        const seconds = point === points - 1 ? end : end * point / (points - 1);
        while (arrived < arrivals.length && arrivals[arrived] <= seconds) arrived++;
        while (gone < leavings.length && leavings[gone] <= seconds) gone++;
        return { policy, tier, seconds, depth: arrived - gone };
      });
    });
  }));
}
