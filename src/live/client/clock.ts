/**
 * The one clock of a live run: seconds since the run's start, never running backwards. Everything
 * that is stamped in a run (arrivals, chunks, scrapes, power) is stamped by the same one.
 */
export interface Clock {
  /** Seconds since the clock's zero. */
  now(): number;
}

/** Real time from now on, monotonic: a change of the system's time does not touch it. */
export function monotonicClock(): Clock {
  const zero = performance.now();
  return { now: () => (performance.now() - zero) / 1000 };
}
