/**
 * How the twin's time passes: `real` as outside, `scaled` faster or slower by `speed`, `virtual` only
 * when a client says so.
 */
export type ClockMode = "real" | "scaled" | "virtual";

/** The twin's clock: seconds since the twin was started. */
export interface TwinClock {
  readonly mode: ClockMode;
  /** Seconds of the twin for each real one; 0 in virtual time. */
  readonly speed: number;
  now(): number;
  /** Sets the time of a clock that stands; it never goes back. */
  set?(now: number): void;
}

/** A clock that runs `speed` times as fast as the machine's, whatever happens to the system's time. */
export function runningClock(speed: number): TwinClock {
  const zero = performance.now();
  return {
    mode: speed === 1 ? "real" : "scaled",
    speed,
    now: () => speed * (performance.now() - zero) / 1000,
  };
}

/** A clock that stands still until it is set. */
export function virtualClock(): TwinClock {
  let now = 0;
  return {
    mode: "virtual",
    speed: 0,
    now: () => now,
    set: (at) => {
      now = Math.max(now, at);
    },
  };
}
