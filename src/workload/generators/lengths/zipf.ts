import { normalCdf } from "../../../math/normal-distribution.ts";
import { pow } from "../../../math/pow.ts";
import type { TokenLengths } from "./token-lengths.ts";

/** Options of {@link zipfLengths}. */
export interface ZipfOptions {
  /** A length k has weight k^−exponent; 0 is uniform. */
  readonly exponent: number;
  /** Shortest and longest length, tokens. */
  readonly min: number;
  readonly max: number;
}

/** Zipf's law on the integers from `min` to `max`, by a table of its distribution function. */
export function zipfLengths({ exponent, min, max }: ZipfOptions): TokenLengths {
  const cumulative = new Float64Array(max - min + 1);
  let total = 0;
  for (let i = 0; i < cumulative.length; i++) {
    cumulative[i] = total += pow(min + i, -exponent);
  }
  return {
    longest: max,
    at(z) {
      const wanted = normalCdf(z) * total;
      let low = 0;
      let high = cumulative.length - 1;
      while (low < high) {
        const middle = (low + high) >>> 1;
        if (cumulative[middle] < wanted) low = middle + 1;
        else high = middle;
      }
      return min + low;
    },
  };
}
