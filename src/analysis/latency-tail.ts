import * as aq from "arquero";
import { exp } from "../math/exp.ts";
import { log } from "../math/log.ts";
import { bootstrapMean, type IntervalOf } from "../statistics/bootstrap.ts";
import { known } from "../statistics/known.ts";
import type { Group } from "./groups.ts";
import { groupRuns, type LabelledRun } from "./labelled-run.ts";
import { type Latency, latencyOf } from "./latency.ts";
import { knownInterval, pairedByLabel, pairedDifference } from "./paired.ts";
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
  readonly group: (run: Run) => Pick<Group, "rows">;
}

/** A policy's runs with their own quantiles. */
interface Tail {
  readonly runs: readonly LabelledRun[];
  /** Known latencies of each run, ascending. */
  readonly sorted: readonly Float64Array[];
}

/** What pairs the runs of two policies. */
const labelOf = ({ seed, calibration, counting }: LabelledRun) =>
  JSON.stringify([seed, calibration, counting]);

/**
 * Complementary distribution of a latency per policy: the `share` of requests slower than `seconds`;
 * mean over seeds of each run's own quantile, with its interval, and how far it is above the policy
 * that is lowest at that share, paired by seed. Latencies that are not known and runs without any are
 * left out. Columns: `policy`, `share`, `seconds`, `low`, `high`, `lowest` (that policy), `difference`,
 * `differenceLow`, `differenceHigh` (seconds above it; 0 for itself).
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
  const tails = groupRuns(runs, ({ policy }) => policy).map((ofPolicy): Tail => ({
    runs: ofPolicy,
    sorted: ofPolicy.map(({ run }) => known(latencyOf(run, latency, group(run).rows)).sort()),
  })).filter(({ sorted }) => sorted.some(({ length }) => length > 0));
  const columns = shares.map((share) => {
    const at = tails.map(({ sorted }) => sorted.map((values) => quantileSorted(values, 1 - share)));
    const means = at.map((values) => knownInterval(interval, values));
    const least = means.reduce(
      (best, { effect }, i) => effect < means[best].effect ? i : best,
      0,
    );
    return means.map(({ effect, low, high }, i) => ({
      ...{ share, seconds: effect, low, high, lowest: tails[least].runs[0].policy },
      ...pairedDifference(
        interval,
        ...pairedByLabel([tails[i].runs, at[i]], [tails[least].runs, at[least]], labelOf),
      ),
    }));
  });
  return aq.from(
    tails.flatMap(({ runs: [{ policy }] }, i) =>
      columns.map((ofShare) => ({ policy, ...ofShare[i] }))
    ),
  );
}
