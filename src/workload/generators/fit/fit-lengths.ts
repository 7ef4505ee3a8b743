import { exp } from "../../../math/exp.ts";
import { log } from "../../../math/log.ts";
import { normalQuantile } from "../../../math/normal-distribution.ts";
import { sinTurns } from "../../../math/sin-turns.ts";
import { rankCorrelation } from "../../../statistics/correlation.ts";
import { ksDistance } from "../../../statistics/kolmogorov-smirnov.ts";
import { variance } from "../../../statistics/moments.ts";
import { mean, quantileSorted } from "../../../statistics/quantile.ts";
import { tokenLengths, type TokenLengthSpec } from "../lengths/token-length-spec.ts";

/** Largest KS distance at which a law of two or three numbers stands for lengths. */
export const LENGTH_KS = 0.05;
/** Steps of the quantiles that are kept where no such law fits: their KS distance is at most 1/128. */
const STEPS = 128;
/** Points at which a law is compared with the lengths. */
const POINTS = 2000;
/** Pairs below which a correlation is chance. */
const FEWEST_PAIRS = 20;
/** Longest range for which a Zipf law is tried. */
const ZIPF_RANGE = 200_000;

/** A law fitted to lengths. */
export interface FittedLengths {
  readonly spec: TokenLengthSpec;
  /** KS distance of the law, rounded to whole tokens, from the lengths. */
  readonly ks: number;
}

/**
 * Fits a law to token lengths: lognormal (mean and deviation of the logarithms), else Zipf between
 * the shortest and the longest (maximum likelihood), whichever first comes within
 * {@link LENGTH_KS}; else quantiles, a step of 1/128 apart and closer and
 * closer towards the longest (a straight line over the last step would make far too many of those),
 * which fit anything and explain nothing.
 *
 * @param tokens shape (n), n ≥ 1, at least 1 each
 */
export function fitLengths(tokens: Int32Array): FittedLengths {
  const sorted = tokens.toSorted();
  const judged = (spec: TokenLengthSpec): FittedLengths => ({ spec, ks: distance(spec, sorted) });
  const min = sorted[0];
  const max = sorted[sorted.length - 1];
  if (min === max) return judged({ model: "constant", tokens: min });
  const lognormal = judged(lognormalOf(sorted));
  if (lognormal.ks <= LENGTH_KS) return lognormal;
  if (max - min < ZIPF_RANGE) {
    const zipf = judged({ model: "zipf", exponent: zipfExponent(sorted), min, max });
    if (zipf.ks <= LENGTH_KS) return zipf;
  }
  const probabilities = probabilitiesFor(sorted.length);
  const values = probabilities.map((p) => quantileSorted(sorted, p));
  return judged({ model: "quantiles", values, probabilities });
}

/** 0, 1/128, …, 127/128, and from there half the way to 1 each time until one of n is left; 1. */
function probabilitiesFor(n: number): number[] {
  const probabilities = Array.from({ length: STEPS }, (_, i) => i / STEPS);
  for (let left = 1 / STEPS / 2; left * n >= 1; left /= 2) probabilities.push(1 - left);
  return [...probabilities, 1];
}

/**
 * Correlation of the Gaussian copula with the rank correlation of two columns, 2 sin(π/6 · Spearman);
 * 0 where a column does not vary, and of fewer than 20 pairs.
 */
export function copulaCorrelation(x: Int32Array, y: Int32Array): number {
  if (x.length < FEWEST_PAIRS) return 0;
  const spearman = rankCorrelation(x, y);
  return Number.isNaN(spearman) ? 0 : Math.max(-1, Math.min(1, 2 * sinTurns(spearman / 12)));
}

function lognormalOf(sorted: Int32Array): TokenLengthSpec {
  const logs = Float64Array.from(sorted, log);
  const squared = variance(logs);
  return {
    model: "lognormal",
    mean: exp(mean(logs) + squared / 2),
    cv: Math.sqrt(exp(squared) - 1),
    min: sorted[0],
    max: sorted[sorted.length - 1],
  };
}

/** Exponent at which Zipf's mean logarithm is the lengths': the likelihood's maximum. */
function zipfExponent(sorted: Int32Array): number {
  const min = sorted[0];
  const wanted = mean(Float64Array.from(sorted, (tokens) => log(tokens / min)));
  // Neighbouring lengths weigh nearly the same: a percent of them stands for the one in its middle.
  const logs: number[] = [];
  const widths: number[] = [];
  for (let from = min; from <= sorted[sorted.length - 1];) {
    const to = Math.min(sorted[sorted.length - 1], from + Math.floor(from / 100));
    logs.push(log((from + to) / 2 / min));
    widths.push(to - from + 1);
    from = to + 1;
  }
  const meanLog = (exponent: number) => {
    let weights = 0;
    let sum = 0;
    for (let i = 0; i < logs.length; i++) {
      const weight = widths[i] * exp(-exponent * logs[i]);
      weights += weight;
      sum += weight * logs[i];
    }
    return sum / weights;
  };
  let low = 0;
  let high = 10;
  for (let i = 0; i < 30; i++) {
    const middle = (low + high) / 2;
    if (meanLog(middle) > wanted) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

function distance(spec: TokenLengthSpec, sorted: Int32Array): number {
  const law = tokenLengths(spec);
  const points = Float64Array.from(
    { length: POINTS },
    (_, i) => Math.max(1, Math.round(law.at(normalQuantile((i + 0.5) / POINTS)))),
  );
  return ksDistance(points, sorted);
}
