import { exp } from "../../../math/exp.ts";
import { log } from "../../../math/log.ts";
import type { TokenLengths } from "./token-lengths.ts";

/** Options of {@link lognormalLengths}. */
export interface LognormalOptions {
  /** Mean in tokens, before bounds and rounding. */
  readonly mean: number;
  /** Coefficient of variation: 0 makes every length the mean. */
  readonly cv: number;
}

/** Lognormal lengths: median mean/√(1 + cv²), σ² = ln(1 + cv²). */
export function lognormalLengths({ mean, cv }: LognormalOptions): TokenLengths {
  const variance = log(1 + cv * cv);
  const sigma = Math.sqrt(variance);
  return {
    at: (z) => mean * exp(sigma * z - variance / 2),
    longest: cv === 0 ? mean : Infinity,
  };
}
