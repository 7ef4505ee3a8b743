import { mean } from "./quantile.ts";

/** Mean squared deviation from the mean (divided by n, not n − 1); NaN for no numbers. */
export function variance(values: ArrayLike<number>): number {
  const centre = mean(values);
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += (values[i] - centre) ** 2;
  return values.length > 0 ? sum / values.length : NaN;
}

/**
 * Coefficient of variation: standard deviation over mean. Of the gaps between arrivals 1 is what a
 * Poisson process has, 0 an even beat, above 1 bursts. NaN for no numbers or a mean of 0.
 *
 * @example
 * statistics.coefficientOfVariation([1, 3]); // 0.5
 */
export function coefficientOfVariation(values: ArrayLike<number>): number {
  const centre = mean(values);
  return centre === 0 ? NaN : Math.sqrt(variance(values)) / centre;
}
