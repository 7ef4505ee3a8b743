import * as z from "zod";
import { exp } from "../../../math/exp.ts";
import { log } from "../../../math/log.ts";
import { logGamma } from "../../../math/log-gamma.ts";
import { pow } from "../../../math/pow.ts";
import { exponential } from "../../../random/exponential.ts";
import { gamma } from "../../../random/gamma.ts";
import type { Random } from "../../../random/substream.ts";
import { quantileSorted } from "../../../statistics/quantile.ts";

/** Families of gaps that have a coefficient of variation. */
export const GapFamily = z.enum(["gamma", "weibull"]);
export type GapFamily = z.output<typeof GapFamily>;

/** Coefficient of variation of gaps: 0 an even beat, 1 Poisson; 50 is more than any trace has. */
export const GapCv = z.number().min(0).max(50);

/** Draws gaps of mean 1. */
export type GapLaw = (random: Random) => number;

/**
 * Gaps of mean 1 with a coefficient of variation. 0 is a constant gap and 1 an exponential one in
 * both families.
 */
export function gapLaw(family: GapFamily, cv: number): GapLaw {
  if (cv === 0) return () => 1;
  if (cv === 1) return exponential;
  return family === "gamma" ? gammaGaps(1 / (cv * cv)) : weibullGaps(weibullShape(cv));
}

/**
 * Gaps of mean 1 in the shape of quantiles at the probabilities 0, 1/(k − 1), …, 1, a straight line
 * from each to the next.
 *
 * @param values shape (k), k ≥ 2, at least 0, non-decreasing, the last above 0
 */
export function quantileGaps(values: ArrayLike<number>): GapLaw {
  const steps = values.length - 1;
  let mean = 0;
  for (let i = 0; i < steps; i++) mean += (values[i] + values[i + 1]) / 2 / steps;
  return (random) => quantileSorted(values, random.next()) / mean;
}

function gammaGaps(shape: number): GapLaw {
  return (random) => gamma(random, shape) / shape;
}

function weibullGaps(shape: number): GapLaw {
  const mean = exp(logGamma(1 + 1 / shape));
  return (random) => pow(exponential(random), 1 / shape) / mean;
}

/** ln(1 + cv²) of a Weibull distribution; falls as the shape rises. */
function logSecondMoment(shape: number): number {
  return logGamma(1 + 2 / shape) - 2 * logGamma(1 + 1 / shape);
}

/** Shape of the Weibull distribution with this coefficient of variation, by bisection. */
export function weibullShape(cv: number): number {
  const wanted = log(1 + cv * cv);
  let low = 0.02;
  let high = 1e3;
  while (logSecondMoment(high) > wanted && high < 1e6) high *= 2;
  for (let i = 0; i < 200 && high - low > 1e-14 * high; i++) {
    const middle = (low + high) / 2;
    if (logSecondMoment(middle) > wanted) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
