import { exp } from "../math/exp.ts";
import { known } from "./known.ts";

/**
 * Kolmogorov–Smirnov distance of two samples: the largest difference of their distribution
 * functions, 0 for the same values and 1 for samples that do not overlap. NaN among the values is left
 * out; NaN where a sample is empty.
 *
 * @example
 * statistics.ksDistance([1, 2, 3], [3, 4, 5]); // 0.667
 */
export function ksDistance(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const x = known(a).sort();
  const y = known(b).sort();
  if (x.length === 0 || y.length === 0) return NaN;
  let distance = 0;
  for (let i = 0, j = 0; i < x.length && j < y.length;) {
    const value = Math.min(x[i], y[j]);
    while (i < x.length && x[i] === value) i++;
    while (j < y.length && y[j] === value) j++;
    distance = Math.max(distance, Math.abs(i / x.length - j / y.length));
  }
  return distance;
}

/**
 * Kolmogorov–Smirnov distance of a sample from a distribution function, steps of either taken into
 * account where `cdf` is right-continuous and `below` gives its left limits. NaN is left out.
 *
 * @param cdf P(X ≤ x)
 * @param below P(X < x); the same as `cdf` where X is continuous
 */
export function ksDistanceTo(
  sample: ArrayLike<number>,
  cdf: (x: number) => number,
  below: (x: number) => number = cdf,
): number {
  const sorted = known(sample).sort();
  const n = sorted.length;
  let distance = n > 0 ? 0 : NaN;
  for (let i = 0; i < n;) {
    let end = i + 1;
    while (end < n && sorted[end] === sorted[i]) end++;
    distance = Math.max(
      distance,
      Math.abs(i / n - below(sorted[i])),
      Math.abs(end / n - cdf(sorted[i])),
    );
    i = end;
  }
  return distance;
}

/**
 * Probability of a distance at least this large when both samples are of one continuous
 * distribution (Kolmogorov's limit with Stephens' correction for small samples); too large where
 * values tie.
 *
 * @param n size of the sample; of two samples of n₁ and n₂, n₁·n₂ / (n₁ + n₂)
 *
 * @example
 * statistics.ksProbability(statistics.ksDistance([1, 2, 3], [3, 4, 5]), 3 * 3 / (3 + 3));
 */
export function ksProbability(distance: number, n: number): number {
  const root = Math.sqrt(n);
  const lambda = (root + 0.12 + 0.11 / root) * distance;
  // Below it the alternating sum has not converged, and the probability is 1 to four digits.
  if (lambda < 0.3) return 1;
  let sum = 0;
  for (let k = 1; k <= 100; k++) {
    const term = exp(-2 * k * k * lambda * lambda);
    sum += k % 2 === 1 ? term : -term;
    if (term < 1e-16) break;
  }
  return Math.min(1, Math.max(0, 2 * sum));
}
