import { normalCdf } from "../../../math/normal-distribution.ts";
import { quantileSorted } from "../../statistics/quantile.ts";
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
 * Lengths between quantiles: `values` at the probabilities 0, 1/(k − 1), …, 1, a straight line from
 * each to the next.
 *
 * @param values shape (k), tokens, non-decreasing
 */
export function quantileLengths(values: ArrayLike<number>): TokenLengths {
  return {
    at: (z) => quantileSorted(values, normalCdf(z)),
    longest: values[values.length - 1],
  };
}
