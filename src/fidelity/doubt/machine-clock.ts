import { exponential } from "../../random/exponential.ts";
import type { TokenTimes } from "../run-metrics.ts";
import { normal, type Random } from "../../random/substream.ts";

/**
 * The clock of a machine whose speed changes: how much work it has done by an instant, in seconds of
 * the machine that a step cost describes. A server that is simulated in work time, its arrivals put on
 * this clock and its instants taken back from it, is the server on that machine: exactly so, with
 * every skip of the simulation, and for any policy and any gateway, since nothing but time changes.
 */
export class MachineClock {
  /** Instants and work at them, both ascending from 0; straight lines between, and on after the last. */
  readonly #at: Float64Array;
  readonly #work: Float64Array;

  /** @param at shape (n), seconds, ascending; `work`: shape (n), non-decreasing, n at least 2 */
  constructor(at: Float64Array, work: Float64Array) {
    this.#at = at;
    this.#work = work;
  }

  /** Work done by an instant. */
  workAt(instant: number): number {
    return interpolate(this.#at, this.#work, instant, false);
  }

  /** When so much work is done, and the machine goes on: after a stall, not before it. */
  instantOf(work: number): number {
    return interpolate(this.#work, this.#at, work, true);
  }
}

/** Serves in work time, and gives the instants of the machine's clock back. */
export function onClock<R extends { readonly arrival: Float64Array }, T extends TokenTimes>(
  clock: MachineClock,
  requests: R,
  serve: (requests: R) => T,
): T {
  const served = serve({ ...requests, arrival: requests.arrival.map((at) => clock.workAt(at)) });
  return {
    ...served,
    firstToken: served.firstToken.map((work) => clock.instantOf(work)),
    finish: served.finish.map((work) => clock.instantOf(work)),
  };
}

/** NaN stays NaN. Of several places at one `x` the last or the first. */
function interpolate(xs: Float64Array, ys: Float64Array, x: number, last: boolean): number {
  if (Number.isNaN(x)) return NaN;
  let low = 0, high = xs.length - 1;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (last ? xs[middle] <= x : xs[middle] < x) low = middle;
    else high = middle;
  }
  const width = xs[high] - xs[low];
  if (width === 0) return ys[high];
  return ys[low] + (x - xs[low]) * (ys[high] - ys[low]) / width;
}

/** How a machine's speed strays in a run. */
export interface Drift {
  /** Standard deviation over stretches of `seconds`, as a share. */
  readonly sd: number;
  readonly seconds: number;
  /** How much of it the next stretch keeps, 0 to 1: an autoregression of the first order. */
  readonly kept: number;
}

/** How a machine's speed changes. */
export interface MachinePace {
  /** Seconds that a second of work takes on the average over the run. */
  readonly slowness: number;
  readonly drift: Drift;
  /** Steps scatter: standard deviation over so many seconds, as a share, each for itself. */
  readonly scatter: { readonly sd: number; readonly seconds: number };
  /** Share of the time lost to stalls, and how long one takes on the average (exponential). */
  readonly stalls: { readonly share: number; readonly seconds: number };
}

/** Slowest and fastest stretch: a normal number may be any. */
const SPEEDS = [0.25, 4] as const;

/**
 * A machine's clock by chance: stretches of a speed each, steps that scatter around it, and stalls that
 * come at random. Its mean pace is `slowness` in the long run.
 *
 * @param horizon seconds of work that the clock has to know; it goes on evenly after them
 */
export function drawClock(
  { slowness, drift, scatter, stalls }: MachinePace,
  horizon: number,
  random: { readonly drift: Random; readonly scatter: Random; readonly stalls: Random },
): MachineClock {
  const at = [0], work = [0];
  const stallEvery = stalls.share > 0 && stalls.seconds > 0
    ? stalls.seconds / stalls.share
    : Infinity;
  let untilStall = stallEvery === Infinity ? Infinity : stallEvery * exponential(random.stalls);
  const scatters = scatter.sd > 0 && scatter.seconds > 0;
  let now = 0, done = 0;
  const goOn = (seconds: number, of: number) => {
    at.push(now += seconds);
    work.push(done += of);
  };
  const fresh = Math.sqrt(1 - drift.kept ** 2);
  let strayed = normal(random.drift);
  while (done < horizon) {
    // Work that fills the stretch, stalls apart; what stalls take is not lost twice.
    for (let left = Math.max(drift.seconds, 1e-3); left > 0;) {
      const stretch = Math.min(left, untilStall, scatters ? scatter.seconds : left);
      const noise = scatters
        ? scatter.sd * Math.sqrt(scatter.seconds / stretch) * normal(random.scatter)
        : 0;
      const pace = bounded(1 + drift.sd * strayed + noise);
      goOn(stretch * pace * slowness * (1 - stalls.share), stretch);
      left -= stretch;
      untilStall -= stretch;
      if (untilStall > 0) continue;
      goOn(stalls.seconds * slowness * exponential(random.stalls), 0);
      untilStall = stallEvery * exponential(random.stalls);
    }
    strayed = drift.kept * strayed + fresh * normal(random.drift);
  }
  goOn(slowness, 1);
  return new MachineClock(Float64Array.from(at), Float64Array.from(work));
}

function bounded(pace: number): number {
  return Math.min(Math.max(pace, SPEEDS[0]), SPEEDS[1]);
}
