import type { Random } from "../../../random/substream.ts";
import type { ArrivalProcess } from "./arrival-process.ts";
import type { GapLaw } from "./gap-law.ts";
import type { RateCurve } from "./rate-curve.ts";

/** Options of {@link modulated}. */
export interface ModulatedOptions {
  readonly curve: RateCurve;
  /** Law of the gaps, of mean 1, in each segment of the curve; one for all where it is one. */
  readonly gaps: readonly GapLaw[];
}

/**
 * Arrivals at the rate of a curve: gaps of mean 1, each of the law of the segment in which it
 * begins, on a clock that runs as fast as the rate is high. With exponential gaps it is the
 * inhomogeneous Poisson process of that rate.
 */
export function modulated(random: Random, { curve, gaps }: ModulatedOptions): ArrivalProcess {
  let expected = 0;
  return {
    next() {
      expected += gaps[Math.min(curve.segment, gaps.length - 1)](random);
      return curve.inverse(expected);
    },
  };
}
