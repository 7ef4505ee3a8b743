import type { Interval, IntervalOf } from "../statistics/bootstrap.ts";
import { known } from "../statistics/known.ts";
import type { LabelledRun } from "./labelled-run.ts";

/**
 * A difference of two means that was taken seed by seed, with its interval: seeds that are hard for one
 * side are hard for the other too, so it says more than the intervals of the two means.
 */
export interface PairedDifference {
  readonly difference: number;
  readonly differenceLow: number;
  readonly differenceHigh: number;
}

/** Where there is nothing to compare with. */
export const NO_DIFFERENCE: PairedDifference = {
  difference: NaN,
  differenceLow: NaN,
  differenceHigh: NaN,
};

/**
 * Mean of the values less those of a baseline, seed by seed, with its interval. Seeds where one side is
 * NaN are left out; all three numbers are NaN where none is left.
 *
 * @param interval what the seeds are: `bootstrapMean`, or `replicateInterval` for resampled traces
 * @param values shape (n), one a seed
 * @param baseline shape (n), of the same seeds in the same order
 */
export function pairedDifference(
  interval: IntervalOf,
  values: ArrayLike<number>,
  baseline: ArrayLike<number>,
): PairedDifference {
  const { effect, low, high } = knownInterval(
    interval,
    Float64Array.from(values, (value, i) => value - baseline[i]),
  );
  return { difference: effect, differenceLow: low, differenceHigh: high };
}

/** The interval over the seeds that have a value; `n` says how many those are. */
export function knownInterval(interval: IntervalOf, values: ArrayLike<number>): Interval {
  return interval(known(values));
}

/**
 * Values of two sets of runs, as far as they have the same label, as two arrays that pair up.
 *
 * @param values one a run
 * @param baseline one a run of the other set
 * @param label what runs have in common that pair up: seed, policy, …
 */
export function pairedByLabel(
  [runs, values]: readonly [readonly LabelledRun[], ArrayLike<number>],
  [others, baseline]: readonly [readonly LabelledRun[], ArrayLike<number>],
  label: (run: LabelledRun) => string,
): [Float64Array, Float64Array] {
  const places = new Map(others.map((run, i) => [label(run), i]));
  const pairs = runs.flatMap((run, i) => {
    const place = places.get(label(run));
    return place === undefined ? [] : [[values[i], baseline[place]]];
  });
  return [Float64Array.from(pairs, ([a]) => a), Float64Array.from(pairs, ([, b]) => b)];
}
