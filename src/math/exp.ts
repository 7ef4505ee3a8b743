import { powerOfTwo } from "./binary.ts";
import { horner } from "./horner.ts";
import { LN2_HIGH, LN2_LOW } from "./ln2.ts";

/** 1/2!, 1/3!, …, 1/14!: e^r = 1 + r + r²(1/2! + r/3! + …), enough for |r| ≤ ln 2 / 2. */
const TAYLOR = [
  2,
  6,
  24,
  120,
  720,
  5040,
  40_320,
  362_880,
  3_628_800,
  39_916_800,
  479_001_600,
  6_227_020_800,
  87_178_291_200,
].map((factorial) => 1 / factorial);

/**
 * e^x with an error below one unit in the last place, and the same bits on every machine: only
 * operations that IEEE 754 rounds one way. `Math.exp` is left to the engine, which asks the system's
 * C library: Deno, Chromium and Node differ in its last bit.
 */
export function exp(x: number): number {
  if (!(x < 709.7827128933841)) return Number.isNaN(x) ? NaN : Infinity;
  if (x < -745.1332191019412) return 0;
  const k = Math.round(x / Math.LN2);
  const high = x - k * LN2_HIGH;
  const low = k * LN2_LOW;
  const r = high - low;
  const half = Math.trunc(k / 2);
  return (1 - (low - r * r * horner(TAYLOR, r) - high)) * powerOfTwo(half) * powerOfTwo(k - half);
}
