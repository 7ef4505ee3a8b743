import * as aq from "arquero";
import { baselinePolicy } from "./baseline-policy.ts";
import { calibrationOn } from "./calibration-levels.ts";
import type { GridView } from "./grid-view.ts";
import { knownInterval, NO_DIFFERENCE, pairedDifference } from "./paired.ts";

/** Options of {@link waitByTier}. */
export interface WaitByTierOptions {
  readonly counting: string;
  /** Phase to look at; absent: the whole run. */
  readonly period?: string;
  /** @default the grid's level that learns, see `calibrationOn` */
  readonly calibration?: string;
  /** Policy that the others are compared with. @default the first, see `baselinePolicy` */
  readonly baseline?: string;
  readonly tiers: readonly string[];
}

/**
 * Queue wait per tier and policy: median, P99 and the longest of all, mean over seeds with its
 * interval, and its difference from the baseline policy, paired by seed. Seeds without a request in a
 * tier are left out, and tiers without one in any seed. Columns: `policy`, `tier`, `statistic`, `seconds`, `low`, `high`, `baseline` (the
 * policy compared with), `difference`, `differenceLow`, `differenceHigh` (seconds; NaN for the baseline
 * itself).
 */
export function waitByTier(
  grid: GridView,
  {
    counting,
    period,
    calibration = calibrationOn(grid.calibrations),
    baseline = baselinePolicy(grid.policies),
    tiers,
  }: WaitByTierOptions,
): aq.ColumnTable {
  return aq.from(
    grid.policies.flatMap((policy) =>
      tiers.flatMap((tier) =>
        (["p50", "p99", "max"] as const).map((statistic) => {
          const key = { measure: "wait", statistic, phase: period, tier } as const;
          const of = (policy: string) => grid.values(key, { policy, calibration, counting });
          const values = of(policy);
          const { effect, low, high } = knownInterval(grid.interval, values);
          const compared = policy === baseline
            ? NO_DIFFERENCE
            : pairedDifference(grid.interval, values, of(baseline));
          return {
            ...{ policy, tier, statistic, seconds: effect, low, high },
            ...{ baseline, ...compared },
          };
        }).filter(({ seconds }) => !Number.isNaN(seconds))
      )
    ),
  );
}
