import { normalCdf } from "../../../math/normal-distribution.ts";
import { quantileSorted } from "../../../statistics/quantile.ts";
import type { TokenLengths } from "./token-lengths.ts";

/** Lengths that were observed, each as likely as another: drawing with replacement. */
export function observedLengths(tokens: ArrayLike<number>): TokenLengths {
  const sorted = Float64Array.from(tokens).sort();
  const n = sorted.length;
  return {
    at: (z) => sorted[Math.min(n - 1, Math.floor(normalCdf(z) * n))],
    longest: sorted[n - 1],
  };
}

/**
 * Lengths between quantiles, a straight line from each to the next.
 *
 * @param values shape (k), tokens, non-decreasing
 * @param probabilities shape (k), increasing from 0 to 1; 0, 1/(k − 1), …, 1 where not given
 */
export function quantileLengths(
  values: ArrayLike<number>,
  probabilities?: ArrayLike<number>,
): TokenLengths {
  const last = values.length - 1;
  if (probabilities === undefined) {
    return { at: (z) => quantileSorted(values, normalCdf(z)), longest: values[last] };
  }
  return {
    longest: values[last],
    at(z) {
      const wanted = normalCdf(z);
      let low = 0;
      let high = last - 1;
      while (low < high) {
        const middle = (low + high + 1) >>> 1;
        if (probabilities[middle] <= wanted) low = middle;
        else high = middle - 1;
      }
      const share = (wanted - probabilities[low]) / (probabilities[low + 1] - probabilities[low]);
      return values[low] + share * (values[low + 1] - values[low]);
    },
  };
}
