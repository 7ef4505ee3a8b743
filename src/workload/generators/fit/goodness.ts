import {
  arrivalGaps,
  arrivalRate,
  type Arrivals,
  arrivalSpan,
  indexOfDispersion,
} from "../../statistics/arrivals.ts";
import { logCorrelation } from "../../../statistics/correlation.ts";
import { ksDistance } from "../../../statistics/kolmogorov-smirnov.ts";
import { coefficientOfVariation } from "../../../statistics/moments.ts";
import { mean } from "../../../statistics/quantile.ts";
import type { Workload } from "../../workload.ts";

/** How far a generated statistic may be from the original's before it is called a misfit. */
export const TOLERANCES = {
  /** Relative. */
  rate: 0.05,
  gap_cv: 0.15,
  /** Or two standard errors that a dispersion of as many bins has by chance, where that is more. */
  idc: 0.25,
  length_mean: 0.1,
  /** Absolute. */
  log_correlation: 0.1,
  /** Largest KS distance. */
  ks: 0.1,
} as const;

/** Bins below which an index of dispersion says nothing, and is left out. */
const FEWEST_BINS = 20;

/** One statistic of the original beside that of generated workloads. */
export interface GoodnessRow {
  readonly statistic: string;
  /** The original's; 0 for a KS distance, which compares with it. */
  readonly original: number;
  /** Mean over the generated workloads, and the range of them. */
  readonly generated: number;
  readonly low: number;
  readonly high: number;
  /** How far `generated` may be from `original`, in the statistic's own unit. */
  readonly tolerance: number;
  readonly within: boolean;
}

/** Statistics of arrivals that a generator is judged by: name, value and tolerance. */
function arrivalStatistics(arrivals: Arrivals): [string, number, number][] {
  const span = arrivalSpan(arrivals);
  const relative = (
    name: string,
    value: number,
    share: number,
  ): [string, number, number] => [name, value, Math.abs(value) * share];
  return [
    relative("rate", arrivalRate(arrivals), TOLERANCES.rate),
    relative("gap_cv", coefficientOfVariation(arrivalGaps(arrivals)), TOLERANCES.gap_cv),
    ...[1, 10, 60].filter((seconds) => span >= FEWEST_BINS * seconds).map((seconds) => {
      // Of k bins alike a variance has the relative standard error √(2/(k − 1)).
      const sampling = 2 * Math.sqrt(2 / (Math.ceil(span / seconds) - 1));
      return relative(
        `idc_${seconds}s`,
        indexOfDispersion(arrivals, seconds),
        Math.max(TOLERANCES.idc, sampling),
      );
    }),
  ];
}

/** Generated arrivals beside the original's. */
export function arrivalGoodness(original: Arrivals, generated: readonly Arrivals[]): GoodnessRow[] {
  const others = generated.map((each) =>
    new Map(
      arrivalStatistics(each).map(([name, value]) => [name, value]),
    )
  );
  const gaps = arrivalGaps(original);
  return [
    ...arrivalStatistics(original).map(([name, value, tolerance]) =>
      row(name, value, others.map((each) => each.get(name) ?? NaN), tolerance)
    ),
    row("gap_ks", 0, generated.map((each) => ksDistance(gaps, arrivalGaps(each))), TOLERANCES.ks),
  ];
}

/** Generated workloads beside the original: arrivals, lengths and their correlation. */
export function workloadGoodness(
  original: Workload,
  generated: readonly Workload[],
): GoodnessRow[] {
  const lengths = (name: string, of: (workload: Workload) => Int32Array) => {
    const own = of(original);
    const average = mean(own);
    return [
      row(
        `${name}_mean`,
        average,
        generated.map((each) => mean(of(each))),
        average * TOLERANCES.length_mean,
      ),
      row(`${name}_ks`, 0, generated.map((each) => ksDistance(own, of(each))), TOLERANCES.ks),
    ];
  };
  const correlated = ({ requests, truth }: Workload) =>
    logCorrelation(requests.promptTokens, truth.outputTokens);
  const correlation = correlated(original);
  return [
    ...arrivalGoodness(original.requests, generated.map((each) => each.requests)),
    ...lengths("prompt", ({ requests }) => requests.promptTokens),
    ...lengths("output", ({ truth }) => truth.outputTokens),
    ...(Number.isNaN(correlation) ? [] : [
      row("log_correlation", correlation, generated.map(correlated), TOLERANCES.log_correlation),
    ]),
  ];
}

function row(
  statistic: string,
  original: number,
  values: readonly number[],
  tolerance: number,
): GoodnessRow {
  const generated = mean(values);
  return {
    statistic,
    original,
    generated,
    low: Math.min(...values),
    high: Math.max(...values),
    tolerance,
    within: Math.abs(generated - original) <= tolerance,
  };
}

/** How far the worst statistic is from its original, in tolerances: at most 1 is a fit. */
export function worstMiss(rows: readonly GoodnessRow[]): number {
  return Math.max(...rows.map(({ original, generated, tolerance }) => {
    const miss = Math.abs(generated - original) / tolerance;
    return Number.isNaN(miss) ? Infinity : miss;
  }));
}
