import { log } from "../../math/log.ts";
import { variance } from "./moments.ts";
import { mean } from "./quantile.ts";

/**
 * Pearson's correlation of two columns of one length; NaN where either does not vary.
 *
 * @example
 * correlation([1, 2, 3], [2, 4, 6]); // 1
 */
export function correlation(x: ArrayLike<number>, y: ArrayLike<number>): number {
  const centreX = mean(x);
  const centreY = mean(y);
  let both = 0;
  for (let i = 0; i < x.length; i++) both += (x[i] - centreX) * (y[i] - centreY);
  return both / x.length / Math.sqrt(variance(x) * variance(y));
}

/**
 * Correlation of the logarithms of one plus the values: what the field's tables list of prompt and
 * answer lengths, whose tails would decide alone otherwise.
 */
export function logCorrelation(x: ArrayLike<number>, y: ArrayLike<number>): number {
  const logs = (values: ArrayLike<number>) => Float64Array.from(values, (value) => log(1 + value));
  return correlation(logs(x), logs(y));
}

/**
 * Spearman's rank correlation: Pearson's of the ranks, ties with the mean of theirs.
 *
 * @example
 * rankCorrelation([1, 2, 3], [1, 10, 100]); // 1
 */
export function rankCorrelation(x: ArrayLike<number>, y: ArrayLike<number>): number {
  return correlation(midRanks(x), midRanks(y));
}

/** Rank of each value from 1 on, equal values sharing the mean of their ranks. */
export function midRanks(values: ArrayLike<number>): Float64Array {
  const order = Float64Array.from({ length: values.length }, (_, i) => i)
    .sort((a, b) => values[a] - values[b]);
  const ranks = new Float64Array(values.length);
  for (let i = 0; i < order.length;) {
    let end = i + 1;
    while (end < order.length && values[order[end]] === values[order[i]]) end++;
    for (let k = i; k < end; k++) ranks[order[k]] = (i + 1 + end) / 2;
    i = end;
  }
  return ranks;
}
