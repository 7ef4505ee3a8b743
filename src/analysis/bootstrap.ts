import { substream, uniformInt } from "../random/substream.ts";
import { mean, quantileSorted } from "./quantile.ts";

/** A mean over seeds with its 95 % interval. */
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

/**
 * Mean of paired per-seed effects with its percentile bootstrap interval (Efron & Tibshirani 1993,
 * ch. 13): the values are resampled with replacement, the interval is the central 95 % of the
 * resampled means. Deterministic.
 *
 * @param values shape (n), one effect a seed; NaN makes the whole result NaN
 */
export function bootstrapMean(
  values: ArrayLike<number>,
  { resamples = 4000, seed = 1, level = 0.95 }: BootstrapOptions = {},
): Interval {
  const n = values.length;
  const random = substream(seed, `bootstrap/${n}`);
  const means = new Float64Array(resamples);
  for (let b = 0; b < resamples; b++) {
    let sum = 0;
    for (let i = 0; i < n; i++) sum += values[uniformInt(random, n)];
    means[b] = sum / n;
  }
  means.sort();
  return {
    effect: mean(values),
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
 * @param values shape (n), one value a resampled trace; 100 or more
 */
export function replicateInterval(values: ArrayLike<number>): Interval {
  const sorted = Float64Array.from(values).sort();
  return {
    effect: mean(values),
    low: quantileSorted(sorted, 0.025),
    high: quantileSorted(sorted, 0.975),
    n: values.length,
  };
}
