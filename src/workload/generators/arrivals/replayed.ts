import type { ArrivalProcess } from "./arrival-process.ts";

/** Options of {@link replayed}. */
export interface ReplayedOptions {
  /** Begins anew after the last arrival and one gap of average length. */
  readonly repeat: boolean;
}

/** Arrivals at given times, none drawn. */
export function replayed(times: ArrayLike<number>, { repeat }: ReplayedOptions): ArrivalProcess {
  const n = times.length;
  const period = n > 1 ? (times[n - 1] - times[0]) * n / (n - 1) : 0;
  let i = 0;
  let offset = 0;
  return {
    next() {
      if (i === n) {
        if (!repeat || period === 0) return Infinity;
        i = 0;
        offset += period;
      }
      return times[i++] + offset;
    },
  };
}
