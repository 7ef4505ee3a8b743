import * as aq from "arquero";
import { baselinePolicy } from "./baseline-policy.ts";
import { calibrationOn } from "./calibration-levels.ts";
import type { GridView } from "./grid-view.ts";
import type { LatencyStatistics } from "./latency.ts";
import { knownInterval } from "./paired.ts";

/** An effect that somebody has published. */
export interface StatedEffect {
  readonly policy: string;
  /** Statistic of end-to-end latency: `mean`, `p50`, `p90`, `p95`, `p99`. */
  readonly metric: string;
  /** Relative change against the baseline: −0.4 is 40 % less. */
  readonly effect: number;
}

/** Options of {@link effectAgainstBaseline}. */
export interface EffectOptions {
  /** Policy that effects are relative to. @default the first, see `baselinePolicy` */
  readonly baseline?: string;
  /** @default the grid's level that learns, see `calibrationOn` */
  readonly calibration?: string;
  readonly counting: string;
  /** Phase to look at; absent: the whole run. */
  readonly period?: string;
  /** @default ["mean", "p50", "p90", "p95", "p99"] */
  readonly metrics?: readonly (keyof LatencyStatistics)[];
  /** What a paper states, shown beside what is found here. @default nothing */
  readonly stated?: readonly StatedEffect[];
}

/**
 * Relative change of end-to-end latency against a baseline policy, paired by seed, with its interval
 * and the number that a paper states. Seeds without a request in the group are left out, and
 * policies without one in any seed. Columns:
 * `policy`, `metric`, `effect`, `low`, `high`, `n`, `paper` (null where nothing is stated), `baseline`
 * (the policy compared with).
 *
 * @example
 * tables.effectAgainstBaseline(new tables.GridView(cells), {
 *   counting: "tokenizer",
 *   stated: [{ policy: "sjf", metric: "p50", effect: -0.42 }],
 * });
 */
export function effectAgainstBaseline(
  grid: GridView,
  {
    baseline = baselinePolicy(grid.policies),
    calibration = calibrationOn(grid.calibrations),
    counting,
    period,
    metrics = ["mean", "p50", "p90", "p95", "p99"],
    stated = [],
  }: EffectOptions,
): aq.ColumnTable {
  const policies = grid.policies.filter((policy) => policy !== baseline);
  return aq.from(policies.flatMap((policy) =>
    metrics.map((metric) => {
      const name = { measure: "e2e", statistic: metric, phase: period } as const;
      const ours = grid.values(name, { policy, calibration, counting });
      const base = grid.values(name, { policy: baseline, calibration, counting });
      const interval = knownInterval(
        grid.interval,
        grid.perSeed((seed) => ours[seed] / base[seed] - 1),
      );
      const paper = stated.find((each) => each.policy === policy && each.metric === metric);
      return { policy, metric, ...interval, paper: paper?.effect ?? null, baseline };
    }).filter(({ effect }) => !Number.isNaN(effect))
  ));
}
