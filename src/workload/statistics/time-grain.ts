import { exp } from "../../math/exp.ts";
import { batchMilliseconds } from "../readers/parsing/spread-batches.ts";
import type { ArrivalSummary } from "./summarize-arrivals.ts";

/** How far from a whole number of seconds a difference may be: doubles of dates are 0.24 µs apart. */
const ROUNDING = 1e-6;
/** How unlikely it has to be that times are multiples of a grain without being logged in it. */
const UNLIKELY = 1000;
/** Grains that logs use, seconds, largest first. */
const USUAL = [86_400, 3600, 1800, 900, 600, 300, 60, 30, 15, 10, 5, 2];

/**
 * In what steps times were logged, where that is a second or more: 1 for whole seconds, 60 for whole
 * minutes, 3 for batches of 3 s (see `batchMilliseconds`); else 0, as where there are fewer than three different times.
 * Differences that have a common divisor by accident do not make a grain: that all of n times are
 * multiples of g has a chance of 1/g^(n - 1) where they are whole seconds, which must be below 1/1000.
 *
 * @param times seconds on any clock, in any order
 */
export function timeGrain(times: Float64Array): number {
  const sorted = times.toSorted();
  let [common, others] = [0, 0];
  for (let i = 1; i < sorted.length; i++) {
    if (sorted[i] === sorted[i - 1]) continue;
    const since = sorted[i] - sorted[0];
    const whole = Math.round(since);
    if (Math.abs(since - whole) > ROUNDING) return batchMilliseconds(times.map(toMs)) / 1000;
    common = greatestCommonDivisor(whole, common);
    others++;
  }
  // Of two times nobody can tell.
  if (others < 2) return 0;
  const fits = (grain: number) => common % grain === 0 && grain ** others >= UNLIKELY;
  return [common, ...USUAL].find(fits) ?? 1;
}

const toMs = (seconds: number) => seconds * 1000;

function greatestCommonDivisor(a: number, b: number): number {
  while (b > 0) [a, b] = [b, a % b];
  return a;
}

/** Burstiness as {@link ArrivalSummary} has it. */
export type Burstiness = Pick<ArrivalSummary, "gap_cv" | "idc_1s" | "idc_10s" | "idc_60s">;

/**
 * The burstiness that a Poisson process seems to have when its times are logged in steps of `grain`: its
 * own is 1 by every measure. With m = rate × grain requests expected in a step and p = 1 − e^(−m) the
 * chance that a step has any, a gap is 0 within a step and else G·J, J geometric with p:
 *
 *     CV² = m (2 − p) / p − 1
 *
 * A bin of width w begins c steps, the whole numbers about w/G, f the fraction of w/G:
 *
 *     IDC = 1 + m f (1 − f) G / w
 *
 * which is 1 for whole numbers of steps, and 1 + rate (G − w) within one.
 *
 * @param rate requests a second
 * @param grain seconds, see {@link timeGrain}
 */
export function poissonAtGrain(rate: number, grain: number): Burstiness {
  const m = rate * grain;
  const some = 1 - exp(-m);
  const dispersion = (width: number) => {
    const fraction = width / grain - Math.floor(width / grain);
    return 1 + m * fraction * (1 - fraction) * grain / width;
  };
  return {
    gap_cv: Math.sqrt(Math.max(0, m * (2 - some) / some - 1)),
    idc_1s: dispersion(1),
    idc_10s: dispersion(10),
    idc_60s: dispersion(60),
  };
}
