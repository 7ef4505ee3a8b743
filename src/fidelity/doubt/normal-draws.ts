import { normalQuantile } from "../../math/normal-distribution.ts";
import { gamma } from "../../random/gamma.ts";
import { shuffled } from "../../random/shuffled.ts";
import { substream } from "../../random/substream.ts";

/**
 * Standard normal numbers under a name, spread evenly over the distribution: one in each of `size`
 * equally likely intervals, in random order (a Latin hypercube, over several names). So few of them
 * have the quantiles that many independent ones would have. Source: McKay, Beckman & Conover,
 * Technometrics 21 (1979).
 */
export function normalDraws(seed: number, name: string, size: number): Float64Array {
  const random = substream(seed, name);
  return Float64Array.from(
    shuffled(random, size),
    (place) => normalQuantile((place + random.next()) / size),
  );
}

/** The same of a Student's t; without end, of a normal distribution. */
export function studentDraws(
  seed: number,
  name: string,
  { size, freedom }: { readonly size: number; readonly freedom: number },
): Float64Array {
  const draws = normalDraws(seed, name, size);
  if (freedom === Infinity) return draws;
  const random = substream(seed, `${name}, freedom`);
  return draws.map((z) => z / Math.sqrt(gamma(random, freedom / 2) / (freedom / 2)));
}
