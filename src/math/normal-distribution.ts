import { exp } from "./exp.ts";
import { horner } from "./horner.ts";
import { log } from "./log.ts";

/** Hart's algorithm 5666 (1968), lowest power first. */
const CDF_ABOVE = [
  220.206867912376,
  221.213596169931,
  112.079291497871,
  33.912866078383,
  6.37396220353165,
  0.700383064443688,
  3.52624965998911e-2,
];
const CDF_BELOW = [
  440.413735824752,
  793.826512519948,
  637.333633378831,
  296.564248779674,
  86.7807322029461,
  16.064177579207,
  1.75566716318264,
  8.83883476483184e-2,
];

/**
 * P(Z ≤ z) of a standard normal Z, error below 1e-14 (in the tail beyond −7 a relative one of 1e-8),
 * the same bits on every machine. Source: Hart
 * et al., "Computer Approximations" (1968), in the form of West (2005).
 */
export function normalCdf(z: number): number {
  const x = Math.abs(z);
  const density = exp(-x * x / 2);
  let tail: number;
  if (x < 7.07106781186547) {
    tail = density * horner(CDF_ABOVE, x) / horner(CDF_BELOW, x);
  } else {
    tail = density / (x + 1 / (x + 2 / (x + 3 / (x + 4 / (x + 0.65))))) / 2.506628274631;
  }
  return z > 0 ? 1 - tail : tail;
}

/** A pair of polynomials of {@link normalQuantile}, lowest power first. */
type Ratio = readonly [readonly number[], readonly number[]];

const CENTRE: Ratio = [[
  3.3871328727963666080,
  1.3314166789178437745e2,
  1.9715909503065514427e3,
  1.3731693765509461125e4,
  4.5921953931549871457e4,
  6.7265770927008700853e4,
  3.3430575583588128105e4,
  2.5090809287301226727e3,
], [
  1,
  4.2313330701600911252e1,
  6.8718700749205790830e2,
  5.3941960214247511077e3,
  2.1213794301586595867e4,
  3.9307895800092710610e4,
  2.8729085735721942674e4,
  5.2264952788528545610e3,
]];
const MIDDLE: Ratio = [[
  1.42343711074968357734,
  4.63033784615654529590,
  5.76949722146069140550,
  3.64784832476320460504,
  1.27045825245236838258,
  2.41780725177450611770e-1,
  2.27238449892691845833e-2,
  7.74545014278341407640e-4,
], [
  1,
  2.05319162663775882187,
  1.67638483018380384940,
  6.89767334985100004550e-1,
  1.48103976427480074590e-1,
  1.51986665636164571966e-2,
  5.47593808499534494600e-4,
  1.05075007164441684324e-9,
]];
const FAR: Ratio = [[
  6.65790464350110377720,
  5.46378491116411436990,
  1.78482653991729133580,
  2.96560571828504891230e-1,
  2.65321895265761230930e-2,
  1.24266094738807843860e-3,
  2.71155556874348757815e-5,
  2.01033439929228813265e-7,
], [
  1,
  5.99832206555887937690e-1,
  1.36929880922735805310e-1,
  1.48753612908506148525e-2,
  7.86869131145613259100e-4,
  1.84631831751005468180e-5,
  1.42151175831644588870e-7,
  2.04426310338993978564e-15,
]];
const ratio = ([above, below]: Ratio, x: number) => horner(above, x) / horner(below, x);

/**
 * The z with P(Z ≤ z) = p: −∞ at 0, ∞ at 1, relative error near 1e-15, the same bits on every
 * machine. Source: Wichura, algorithm AS 241, Applied Statistics 37 (1988).
 */
export function normalQuantile(p: number): number {
  const q = p - 0.5;
  if (Math.abs(q) <= 0.425) return q * ratio(CENTRE, 0.180625 - q * q);
  const tail = q < 0 ? p : 1 - p;
  if (!(tail > 0)) return tail === 0 ? Math.sign(q) * Infinity : NaN;
  const r = Math.sqrt(-log(tail));
  return Math.sign(q) * (r <= 5 ? ratio(MIDDLE, r - 1.6) : ratio(FAR, r - 5));
}
