import * as aq from "arquero";
import { calibrationOn } from "./calibration-levels.ts";
import type { LoadView } from "./load-views.ts";
import { knownInterval } from "./paired.ts";

/** Options of {@link starvationByGroup}. */
export interface StarvationOptions {
  readonly counting: string;
  /** Phase that the summaries speak of; absent: the run has one phase only. */
  readonly period?: string;
  /** @default the grid's level that learns, see `calibrationOn` */
  readonly calibration?: string;
  readonly tiers: readonly string[];
  readonly categories: readonly string[];
}

/**
 * Who starves, by tier and by category, per server, load and policy: see `starvation`. Columns:
 * `server`, `load`, `policy`, `kind` (`tier`, `category`), `group`, `starved` (share of the group),
 * `low`, `high`, `longest` (the longest wait to be served in the group, seconds), `longestLow`,
 * `longestHigh`; means over seeds with their intervals. Seeds without a request in a group are left out,
 * and groups without one in any seed. Needs summaries with `starvation`.
 */
export function starvationByGroup(
  views: readonly LoadView[],
  { counting, period, calibration, tiers, categories }: StarvationOptions,
): aq.ColumnTable {
  const groups = [
    ...tiers.map((group) => ({ kind: "tier", group })),
    ...categories.map((group) => ({ kind: "category", group })),
  ];
  return aq.from(
    views.flatMap(({ server, load, view }) => {
      const level = calibration ?? calibrationOn(view.calibrations);
      return view.policies.flatMap((policy) => {
        const key = { policy, calibration: level, counting };
        return groups.map(({ kind, group }) => {
          const of = { phase: period, [kind]: group };
          const share = knownInterval(
            view.interval,
            view.values({ measure: "starved", ...of }, key),
          );
          const longest = knownInterval(
            view.interval,
            view.values({ measure: "served_max", ...of }, key),
          );
          return {
            ...{ server, load, policy, kind, group },
            ...{ starved: share.effect, low: share.low, high: share.high },
            ...{ longest: longest.effect, longestLow: longest.low, longestHigh: longest.high },
          };
        }).filter(({ starved }) => !Number.isNaN(starved));
      });
    }),
  );
}
