import { quantile } from "../../statistics/quantile.ts";
import {
  POINT_METRICS,
  type PointMetric,
  type PredictedPoint,
  type SkippedPoint,
} from "./predict-point.ts";
import type { StepTerms } from "./term-meter.ts";

/** Errors of one metric over some points, percent. */
export interface PointErrors {
  readonly points: number;
  /** Of the errors' sizes. */
  readonly median_abs_pct: number;
  /** With signs: which way the errors go. */
  readonly median_pct: number;
  /** The largest by size, with its sign, and the row that it is of. */
  readonly worst_pct: number;
  readonly worst_row: string;
}

/** Points of one card, or of one model on it. */
export interface PointGroup {
  readonly gpu: string;
  /** null: all models on the card. */
  readonly model: string | null;
  readonly points: number;
  /** Absent: no point of the group has such a number. */
  readonly errors: { readonly [metric in PointMetric]?: PointErrors };
  /** The term that most points' time goes into. */
  readonly dominant: keyof StepTerms;
}

/** Bar of the median error of TPOT and throughput by card, percent. */
const BAR = 10;
const BAR_OF_PROVEN = 5;
const PROVEN = /^(L4|A100)/;

/** The bar that a card's median errors of TPOT and throughput are held to, percent. */
const barOf = (gpu: string): number => PROVEN.test(gpu) ? BAR_OF_PROVEN : BAR;

/** Metrics that have a bar. */
const BARRED = ["tpot", "throughput"] as const satisfies readonly PointMetric[];

/** Sums points up by card, then by card and model, in the order in which they come. */
export function summarizePoints(points: readonly PredictedPoint[]): PointGroup[] {
  const cards = Map.groupBy(points, ({ row }) => row.gpu);
  return [...cards].flatMap(([gpu, ofCard]) => [
    groupOf(ofCard, gpu, null),
    ...[...Map.groupBy(ofCard, ({ row }) => row.model)]
      .map(([model, ofModel]) => groupOf(ofModel, gpu, model)),
  ]);
}

function groupOf(
  points: readonly PredictedPoint[],
  gpu: string,
  model: string | null,
): PointGroup {
  const errors = Object.fromEntries(
    POINT_METRICS.map((metric) => [metric, errorsOf(points, metric)] as const)
      .filter(([, found]) => found !== undefined),
  );
  const counts = [...Map.groupBy(points, ({ dominant }) => dominant)];
  const [dominant] = counts.reduce((most, each) => each[1].length > most[1].length ? each : most);
  return { gpu, model, points: points.length, errors, dominant };
}

function errorsOf(points: readonly PredictedPoint[], metric: PointMetric): PointErrors | undefined {
  const errors = points.flatMap(({ row, compared }) =>
    compared[metric] === undefined ? [] : [{ row: row.id, error: compared[metric].error_pct }]
  );
  if (errors.length === 0) return undefined;
  const worst = errors.reduce((most, each) =>
    Math.abs(each.error) > Math.abs(most.error) ? each : most
  );
  const signed = Float64Array.from(errors, ({ error }) => error);
  return {
    points: errors.length,
    median_abs_pct: quantile(signed.map(Math.abs), 0.5),
    median_pct: quantile(signed, 0.5),
    worst_pct: worst.error,
    worst_row: worst.row,
  };
}

/** A card whose median error is beyond its bar, and the term that its time goes into. */
export interface CardOff {
  readonly gpu: string;
  readonly metric: PointMetric;
  readonly median_abs_pct: number;
  /** With sign: below 0 the simulation gives less than was measured. */
  readonly median_pct: number;
  readonly bar_pct: number;
  readonly dominant: keyof StepTerms;
}

/** Cards whose median error of TPOT or throughput is beyond the bar. */
export function cardsOff(groups: readonly PointGroup[]): CardOff[] {
  return groups.filter(({ model }) => model === null).flatMap(({ gpu, errors, dominant }) =>
    BARRED.flatMap((metric) => {
      const found = errors[metric];
      const bar = barOf(gpu);
      if (found === undefined || found.median_abs_pct <= bar) return [];
      const { median_abs_pct, median_pct } = found;
      return [{ gpu, metric, median_abs_pct, median_pct, bar_pct: bar, dominant }];
    })
  );
}

/** Rows that were left out, by reason. */
export function skippedByReason(skipped: readonly SkippedPoint[]): Map<string, string[]> {
  const groups = Map.groupBy(skipped, ({ why }) => why);
  return new Map([...groups].map(([why, points]) => [why, points.map(({ row }) => row.id)]));
}
