import * as aq from "arquero";
import { exp } from "../math/exp.ts";
import { log } from "../math/log.ts";
import { bootstrapMean, type IntervalOf } from "../statistics/bootstrap.ts";
import type { Group } from "./groups.ts";
import { groupRuns, type LabelledRun } from "./labelled-run.ts";
import { type Latency, latencyOf } from "./latency.ts";
import type { Run } from "../runs/run.ts";
import { quantileSorted } from "../statistics/quantile.ts";

/** Options of {@link latencyTail}. */
export interface LatencyTailOptions {
  /** @default "e2e" */
  readonly latency?: Latency;
  /** Points per curve, evenly spaced in the logarithm of the share. @default 41 */
  readonly points?: number;
  /** Least share shown: 0.001 shows up to P99.9. @default 0.001 */
  readonly leastShare?: number;
  /** What the seeds are, as for a `GridView`. @default bootstrapMean */
  readonly interval?: IntervalOf;
  /** Requests to look at. */
  readonly group: (run: Run) => Group;
}

/**
 * Complementary distribution of a latency per policy: the `share` of requests slower than `seconds`;
 * mean over seeds of each run's own quantile, with its interval. Columns: `policy`, `share`,
 * `seconds`, `low`, `high`.
 */
export function latencyTail(
  runs: readonly LabelledRun[],
  { latency = "e2e", points = 41, leastShare = 0.001, interval = bootstrapMean, group }:
    LatencyTailOptions,
): aq.ColumnTable {
  const shares = Array.from(
    { length: points },
    (_, i) => exp(log(leastShare) * i / (points - 1)),
  );
  return aq.from(
    groupRuns(runs, ({ policy }) => policy).flatMap((ofPolicy) => {
      const sorted = ofPolicy.map(({ run }) =>
        latencyOf(run, latency, group(run).rows).filter((value) => !Number.isNaN(value)).sort()
      );
      return shares.map((share) => {
        const { effect, low, high } = interval(
          sorted.map((values) => quantileSorted(values, 1 - share)),
        );
        return { policy: ofPolicy[0].policy, share, seconds: effect, low, high };
      });
    }),
  );
}
