import { exp } from "./exp.ts";
import { log } from "./log.ts";

/** x^y for x ≥ 0, the same bits on every machine; relative error about |y ln x| last places. */
export function pow(x: number, y: number): number {
  return y === 0 ? 1 : exp(y * log(x));
}
