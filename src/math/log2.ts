import { splitBinary } from "./binary.ts";
import { log } from "./log.ts";

/**
 * The logarithm to base 2, exact for powers of two, else with an error of a few units in the last
 * place, and the same bits on every machine (see {@link log}).
 */
export function log2(x: number): number {
  if (!(x > 0) || x === Infinity) return log(x);
  const { mantissa, exponent } = splitBinary(x);
  return exponent + log(mantissa) / Math.LN2;
}
