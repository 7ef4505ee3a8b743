import { log } from "../math/log.ts";
import { pow } from "../math/pow.ts";
import { normal, type Random } from "./substream.ts";

/**
 * Gamma with the given shape (above 0) and scale 1, so that mean and variance are the shape. Source:
 * Marsaglia & Tsang, ACM TOMS 26 (2000); shapes below 1 by their power of a uniform number.
 *
 * Written here because the maintained samplers (d3-random, stdlib's) take the logarithm of the
 * platform, whose last bit differs between machines, or bring a library along.
 */
export function gamma(random: Random, shape: number): number {
  if (shape < 1) return gamma(random, shape + 1) * pow(1 - random.next(), 1 / shape);
  const d = shape - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const x = normal(random);
    const root = 1 + c * x;
    if (root <= 0) continue;
    const v = root * root * root;
    if (log(1 - random.next()) < x * x / 2 + d - d * v + d * log(v)) return d * v;
  }
}
