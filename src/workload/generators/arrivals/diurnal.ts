import { sinTurns } from "../../../math/sin-turns.ts";
import { exponential } from "../../../random/exponential.ts";
import type { Random } from "../../../random/substream.ts";
import type { ArrivalProcess } from "./arrival-process.ts";

/** Options of {@link diurnal}. */
export interface DiurnalOptions {
  /** Requests a second, on average over a period. */
  readonly rate: number;
  /** Highest rate over lowest, at least 1. */
  readonly peakToTrough: number;
  readonly periodSeconds: number;
  /** Seconds after the start at which the rate is highest. */
  readonly peakSeconds: number;
}

/**
 * Poisson arrivals whose rate swings like a sine over the day, by thinning: candidates arrive at the
 * highest rate, each stays with probability rate over highest rate. Source: Lewis & Shedler (1979).
 */
export function diurnal(random: Random, options: DiurnalOptions): ArrivalProcess {
  const { rate, peakToTrough, periodSeconds, peakSeconds } = options;
  const swing = (peakToTrough - 1) / (peakToTrough + 1);
  const highest = rate * (1 + swing);
  let now = 0;
  return {
    next() {
      if (rate === 0) return Infinity;
      for (;;) {
        now += exponential(random) / highest;
        const turns = (now - peakSeconds) / periodSeconds + 0.25;
        if (random.next() * (1 + swing) < 1 + swing * sinTurns(turns)) return now;
      }
    },
  };
}
