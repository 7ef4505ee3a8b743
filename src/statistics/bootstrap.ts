import { substream, uniformInt } from "../random/substream.ts";
import { mean, quantileSorted } from "./quantile.ts";

/** A mean over seeds with its 95 % interval; without bounds (NaN) where fewer than two seeds are behind it. */
export interface Interval {
  readonly effect: number;
  readonly low: number;
  readonly high: number;
  /** Paired values (seeds) behind it. */
  readonly n: number;
}

/** Options of {@link bootstrapMean}. */
export interface BootstrapOptions {
  /** @default 4000 */
  readonly resamples?: number;
  /** Seed of the resampling, not of the experiment. @default 1 */
  readonly seed?: number;
  /** @default 0.95 */
  readonly level?: number;
}

/** Draws worth keeping: above this many, they are made anew for each call. */
const MOST_DRAWS = 2_000_000;
const kept = new Map<string, Int32Array>();

/**
 * Row numbers drawn with replacement, `resamples` times `n`. They depend on nothing else, so calls
 * with equally many values share them; drawing them is most of what a bootstrap costs.
 */
function draws(n: number, resamples: number, seed: number): Int32Array {
  const key = `${seed}/${n}/${resamples}`;
  const known = kept.get(key);
  if (known !== undefined) return known;
  const random = substream(seed, `bootstrap/${n}`);
  const rows = new Int32Array(n * resamples);
  for (let i = 0; i < rows.length; i++) rows[i] = uniformInt(random, n);
  if (rows.length <= MOST_DRAWS) {
    if (kept.size >= 8) kept.clear();
    kept.set(key, rows);
  }
  return rows;
}

/**
 * Mean of paired per-seed effects with its percentile bootstrap interval (Efron & Tibshirani 1993,
 * ch. 13): the values are resampled with replacement, the interval is the central 95 % of the
 * resampled means. Deterministic. One value says nothing of how far another seed's would be from it, so
 * its bounds are NaN.
 *
 * @param values shape (n), one effect a seed; NaN makes the whole result NaN
 */
export function bootstrapMean(
  values: ArrayLike<number>,
  { resamples = 4000, seed = 1, level = 0.95 }: BootstrapOptions = {},
): Interval {
  const n = values.length;
  const effect = mean(values);
  if (n < 2 || Number.isNaN(effect)) return { effect, low: NaN, high: NaN, n };
  const rows = draws(n, resamples, seed);
  const means = new Float64Array(resamples);
  for (let b = 0, at = 0; b < resamples; b++) {
    let sum = 0;
    for (let i = 0; i < n; i++) sum += values[rows[at++]];
    means[b] = sum / n;
  }
  means.sort();
  return {
    effect,
    low: quantileSorted(means, (1 - level) / 2),
    high: quantileSorted(means, (1 + level) / 2),
    n,
  };
}

/** Turns one value a seed into a mean and its interval. */
export type IntervalOf = (values: ArrayLike<number>) => Interval;

/**
 * Mean and percentile interval of values that are themselves bootstrap replicates: one value per
 * resampled trace, each trace drawn from the one real one. Their spread is the sampling error;
 * resampling them once more, as {@link bootstrapMean} does with independent seeds, would give an
 * interval that shrinks to nothing with the number of replicates.
 *
 * @param values shape (n), one value a resampled trace, 100 or more; NaN makes the result NaN, and one
 * value alone has no bounds (NaN)
 */
export function replicateInterval(values: ArrayLike<number>): Interval {
  const effect = mean(values);
  const n = values.length;
  if (n < 2 || Number.isNaN(effect)) return { effect, low: NaN, high: NaN, n };
  const sorted = Float64Array.from(values).sort();
  return { effect, low: quantileSorted(sorted, 0.025), high: quantileSorted(sorted, 0.975), n };
}
