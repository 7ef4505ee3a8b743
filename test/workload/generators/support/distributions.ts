import { logGamma } from "../../../../src/math/log-gamma.ts";

/** P(X ≤ x) of a Gamma distribution of scale 1: series below its mean, continued fraction above. */
export function gammaCdf(shape: number, x: number): number {
  if (x <= 0) return 0;
  const factor = Math.exp(shape * Math.log(x) - x - logGamma(shape));
  if (x < shape + 1) {
    let term = 1 / shape;
    let sum = term;
    for (let k = 1; term > sum * 1e-16; k++) sum += term *= x / (shape + k);
    return factor * sum;
  }
  // Lentz' method on the fraction of the upper incomplete function.
  let b = x + 1 - shape;
  let c = 1e300;
  let d = 1 / b;
  let fraction = d;
  for (let i = 1; i < 500; i++) {
    const a = -i * (i - shape);
    b += 2;
    d = 1 / (a * d + b);
    c = b + a / c;
    fraction *= d * c;
    if (Math.abs(d * c - 1) < 1e-15) break;
  }
  return 1 - factor * fraction;
}

/** P(X ≤ x) of a Weibull distribution. */
export function weibullCdf(shape: number, scale: number, x: number): number {
  return x <= 0 ? 0 : -Math.expm1(-((x / scale) ** shape));
}

/** P(X ≤ x) of an exponential distribution of mean 1. */
export const exponentialCdf = (x: number) => x <= 0 ? 0 : -Math.expm1(-x);
