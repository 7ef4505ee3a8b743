import * as aq from "arquero";
import { exp } from "../math/exp.ts";
import { log } from "../math/log.ts";
import { substream, uniformInt } from "../random/substream.ts";
import { baselinePolicy } from "./baseline-policy.ts";
import { calibrationOn } from "./calibration-levels.ts";
import type { LatencyStatistics } from "./latency.ts";
import type { LoadView } from "./load-views.ts";
import { known } from "../statistics/known.ts";
import { mean, quantileSorted } from "../statistics/quantile.ts";

/** Options of {@link tailCrossing}. */
export interface TailCrossingOptions {
  /** @default "sjf" */
  readonly policy?: string;
  /** @default the first, see `baselinePolicy` */
  readonly baseline?: string;
  /** @default "p99" */
  readonly metric?: keyof LatencyStatistics;
  /** @default the grid's level that learns, see `calibrationOn` */
  readonly calibration?: string;
  readonly counting: string;
  /** Phase to look at; absent: the whole run. */
  readonly period?: string;
  /** Relative change that counts as worse. @default 0.05 */
  readonly level?: number;
  /** @default 1000 */
  readonly resamples?: number;
}

/**
 * Loads between which a policy is worse than the baseline: where the mean relative change of a
 * latency first rises to `level`, and where it has fallen back to it after its peak, read off between
 * the loads of the sweep, linear in the logarithm of load. Infinity: not within the sweep.
 */
function crossings(
  loads: readonly number[],
  effects: readonly number[],
  level: number,
): { readonly from: number; readonly until: number } {
  const peak = effects.reduce((at, effect, i) => effect > effects[at] ? i : at, 0);
  if (!(effects[peak] >= level)) return { from: Infinity, until: Infinity };
  const between = (a: number, b: number) => {
    const weight = (level - effects[a]) / (effects[b] - effects[a]);
    return exp(log(loads[a]) + weight * (log(loads[b]) - log(loads[a])));
  };
  const above = effects.findIndex((effect) => effect >= level);
  const below = effects.findIndex((effect, i) => i > peak && effect < level);
  return {
    from: above === 0 ? loads[0] : between(above - 1, above),
    until: below < 0 ? Infinity : between(below - 1, below),
  };
}

/**
 * The loads between which a policy makes a latency worse than the baseline does, with
 * 95 % percentile bootstrap intervals over seeds. Columns: `server`, `worseFrom`, `fromLow`,
 * `fromHigh`, `worseUntil`, `untilLow`, `untilHigh`, `worst` (greatest mean change) and `worstLoad`;
 * loads as multiples of the server's capacity, NaN where the sweep does not reach it. Seeds without a
 * request in the group are left out, and loads where no seed has one; bounds are NaN where a load has
 * one seed alone.
 */
export function tailCrossing(
  views: readonly LoadView[],
  options: TailCrossingOptions,
): aq.ColumnTable {
  const { level = 0.05, resamples = 1000 } = options;
  return aq.from([...Map.groupBy(views, ({ server }) => server)].map(([server, ofServer]) => {
    const found = ofServer.map((each) => ({
      load: each.load,
      effects: effectsOf(each, options),
    })).filter(({ effects }) => known(effects).length > 0);
    if (found.length === 0) return { server, ...NOWHERE };
    const loads = found.map(({ load }) => load);
    const effects = found.map((each) => each.effects);
    const means = effects.map((values) => mean(known(values)));
    const crossed = crossings(loads, means, level);
    const random = substream(1, "tail-crossing");
    const n = effects[0].length;
    const resampled = Array.from({ length: resamples }, () => {
      const seeds = Array.from({ length: n }, () => uniformInt(random, n));
      return crossings(
        loads,
        effects.map((values) => mean(known(seeds.map((seed) => values[seed])))),
        level,
      );
    });
    const repeated = effects.every((values) => known(values).length > 1);
    const bounds = (of: "from" | "until") => {
      if (!repeated) return [NaN, NaN];
      const sorted = Float64Array.from(resampled, (each) => each[of]).sort();
      return [0.025, 0.975].map((p) => quantileSorted(sorted, p));
    };
    const [[fromLow, fromHigh], [untilLow, untilHigh]] = [bounds("from"), bounds("until")];
    const worst = means.reduce((at, effect, i) => effect > means[at] ? i : at, 0);
    const loadsFound = {
      ...{ worseFrom: crossed.from, fromLow, fromHigh },
      ...{ worseUntil: crossed.until, untilLow, untilHigh },
    };
    return {
      server,
      ...Object.fromEntries(
        Object.entries(loadsFound).map((
          [name, load],
        ) => [name, Number.isFinite(load) ? load : NaN]),
      ),
      worst: means[worst],
      worstLoad: loads[worst],
    };
  }));
}

/** What a sweep without a number says. */
const NOWHERE = {
  ...{ worseFrom: NaN, fromLow: NaN, fromHigh: NaN },
  ...{ worseUntil: NaN, untilLow: NaN, untilHigh: NaN, worst: NaN, worstLoad: NaN },
};

/** Relative change by seed. */
function effectsOf({ view }: LoadView, options: TailCrossingOptions): Float64Array {
  const { policy = "sjf", baseline = baselinePolicy(view.policies), metric = "p99" } = options;
  const { calibration = calibrationOn(view.calibrations), counting, period } = options;
  const of = (name: string) =>
    view.values(
      { measure: "e2e", statistic: metric, phase: period },
      { policy: name, calibration, counting },
    );
  const [ours, base] = [of(policy), of(baseline)];
  return view.perSeed((seed) => ours[seed] / base[seed] - 1);
}
