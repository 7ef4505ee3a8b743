import { LATENCY_TITLES } from "../runs/latencies.ts";
import * as aq from "arquero";
import type { Run } from "../runs/run.ts";
import { bootstrapMean, type IntervalOf } from "../statistics/bootstrap.ts";
import { mean } from "../statistics/quantile.ts";
import { everyone } from "./groups.ts";
import { type Latency, latencyOf, type LatencyStatistics, latencyStatistics } from "./latency.ts";
import { knownInterval } from "./paired.ts";
import { bySetting, type VariantRun } from "./variant-run.ts";

/** A statistic of a latency. */
export interface LatencyMeasured {
  readonly latency: Latency;
  readonly statistic: keyof LatencyStatistics;
}

/** A named set of requests of a run. */
export interface NamedRows {
  readonly name: string;
  readonly rows: Int32Array;
}

/** Options of {@link variantEffects}. */
export interface VariantEffectsOptions {
  /** Variant that the others are compared with. */
  readonly baseline: string;
  /** @default median and P99 of TTFT and of end-to-end latency */
  readonly measures?: readonly LatencyMeasured[];
  /**
   * Parts of the requests, of the same names in every run. Told by what a request is, not by what
   * became of it: else two variants compare different requests. @default everyone, as `all`
   */
  readonly groups?: (run: Run) => readonly NamedRows[];
  /**
   * What the seeds are: independent repetitions, or draws from one real trace (`replicateInterval`).
   * @default bootstrapMean
   */
  readonly interval?: IntervalOf;
}

const MEASURES: readonly LatencyMeasured[] = (["ttft", "e2e"] as const).flatMap((latency) =>
  (["p50", "p99"] as const).map((statistic) => ({ latency, statistic }))
);

const NAMES: Readonly<Record<Latency, string>> = {
  wait: "wait",
  inference: "inference",
  e2e: "E2E",
  ttft: "TTFT",
  ttftFromSend: LATENCY_TITLES.ttftFromSend,
  tpot: "TPOT",
};
const nameOf = ({ latency, statistic }: LatencyMeasured) =>
  `${NAMES[latency]} ${statistic.replace(/^p/, "P")}`;

/**
 * How variants change latencies against a baseline that served the same requests: the relative change
 * seed by seed, its mean and interval. Columns: `setting`, `variant`, `group`, `measure` (`TTFT P99`),
 * `value` (seconds, mean over the seeds), `effect` (−0.4 is 40 % less; 0 for the baseline), `low`,
 * `high`, `n` (pairs), `better` (pairs in which it is lower), `baseline`. Seeds that one side lacks, or
 * where a group is empty, are left out.
 */
export function variantEffects(
  runs: readonly VariantRun[],
  {
    baseline,
    measures = MEASURES,
    groups = (run) => [everyone(run)],
    interval = bootstrapMean,
  }: VariantEffectsOptions,
): aq.ColumnTable {
  const rows = bySetting(runs).flatMap(({ setting, variants }) => {
    const values = new Map(
      [...variants].map(([variant, of]) => [variant, valuesBySeed(of, measures, groups)]),
    );
    const base = values.get(baseline);
    return [...values].flatMap(([variant, own]) =>
      [...own].flatMap(([group, ofMeasures]) =>
        measures.map((measured, i) => {
          const mine = ofMeasures[i];
          const theirs = base?.get(group)?.[i] ?? new Map<number, number>();
          const changes = [...mine].map(([seed, value]) => value / (theirs.get(seed) ?? NaN) - 1);
          const { effect, low, high, n } = knownInterval(interval, Float64Array.from(changes));
          return {
            ...{ setting, variant, group, measure: nameOf(measured) },
            value: mean(Float64Array.from(mine.values()).filter((each) => !Number.isNaN(each))),
            ...{ effect, low, high, n },
            better: changes.filter((change) => change < 0).length,
            baseline,
          };
        })
      )
    );
  });
  return aq.from(rows);
}

/** By group, then by measure: a value a seed. */
function valuesBySeed(
  runs: readonly VariantRun[],
  measures: readonly LatencyMeasured[],
  groupsOf: (run: Run) => readonly NamedRows[],
): Map<string, Map<number, number>[]> {
  const found = new Map<string, Map<number, number>[]>();
  for (const { seed, run } of runs) {
    for (const { name, rows } of groupsOf(run)) {
      const ofGroup = found.get(name) ?? measures.map(() => new Map<number, number>());
      found.set(name, ofGroup);
      const statistics = new Map<Latency, LatencyStatistics>();
      measures.forEach(({ latency, statistic }, i) => {
        const known = statistics.get(latency) ?? latencyStatistics(latencyOf(run, latency, rows));
        statistics.set(latency, known);
        ofGroup[i].set(seed, known[statistic]);
      });
    }
  }
  return found;
}
