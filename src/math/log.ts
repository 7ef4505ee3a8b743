import { splitBinary } from "./binary.ts";
import { horner } from "./horner.ts";
import { LN2_HIGH, LN2_LOW } from "./ln2.ts";

/** 2/3, 2/5, …, 2/23: R below, enough for s² ≤ 0.0295. */
const ARTANH = Array.from({ length: 11 }, (_, i) => 2 / (2 * i + 3));

/**
 * The natural logarithm with an error below one unit in the last place, and the same bits on every
 * machine: only operations that IEEE 754 rounds one way. `Math.log` is left to the engine, which
 * asks the system's C library: Deno, Chromium and Node differ in its last bit.
 *
 * With x = m·2^e, f = m − 1 and s = f/(2 + f):
 *
 *     ln m = 2 artanh s = f − (f²/2 − s·(f²/2 + R)),   R = 2s²/3 + 2s⁴/5 + …
 *
 * of which the first term is exact and the others are small beside it.
 */
export function log(x: number): number {
  if (!(x > 0)) return x === 0 ? -Infinity : NaN;
  if (x === Infinity) return x;
  const { mantissa, exponent } = splitBinary(x);
  const f = mantissa - 1;
  const s = f / (2 + f);
  const z = s * s;
  const halfSquare = f * f / 2;
  const small = s * (halfSquare + z * horner(ARTANH, z)) + exponent * LN2_LOW;
  return exponent * LN2_HIGH - (halfSquare - small - f);
}
