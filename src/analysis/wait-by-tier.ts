import * as aq from "arquero";
import type { GridView } from "./grid-view.ts";

/** Options of {@link waitByTier}. */
export interface WaitByTierOptions {
  readonly counting: string;
  /** Phase to look at; absent: the whole run. */
  readonly period?: string;
  /** @default "ema" */
  readonly calibration?: string;
  readonly tiers: readonly string[];
}

/**
 * Queue wait per tier and policy: median, P99 and the longest of all, mean over seeds with its
 * interval. Columns: `policy`, `tier`, `statistic`, `seconds`, `low`, `high`.
 */
export function waitByTier(
  grid: GridView,
  { counting, period, calibration = "ema", tiers }: WaitByTierOptions,
): aq.ColumnTable {
  return aq.from(
    grid.policies.flatMap((policy) =>
      tiers.flatMap((tier) =>
        ["p50", "p99", "max"].map((statistic) => {
          const group = period === undefined ? tier : `${period}_${tier}`;
          const values = grid.values(`wait_${statistic}_${group}`, {
            policy,
            calibration,
            counting,
          });
          const { effect, low, high } = grid.interval(values);
          return { policy, tier, statistic, seconds: effect, low, high };
        })
      )
    ),
  );
}
