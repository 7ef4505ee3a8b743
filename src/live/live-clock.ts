import { setImmediate } from "node:timers";
import type { Clock } from "./client/clock.ts";

/** The clock of a live run in real or scaled time. */
export interface LiveClock extends Clock {
  /** Resolves at `instant`, or when `signal` is aborted, whichever is first. */
  waitUntil(instant: number, signal: AbortSignal): Promise<void>;
}

/** Milliseconds before the instant at which a timer, which may be a millisecond late, is not used. */
const TIMER_SLACK_MS = 1.5;
/** Timers of the platform hold no longer wait than 2³¹ ms. */
const LONGEST_WAIT_MS = 2 ** 30;

/**
 * A clock that starts at `from` and runs `speed` times as fast as real time. Monotonic: a change of
 * the system's time does not touch it.
 */
export function liveClock({ from = 0, speed = 1 } = {}): LiveClock {
  const zero = performance.now();
  const now = () => from + speed * (performance.now() - zero) / 1000;
  return {
    now,
    waitUntil: (instant, signal) =>
      new Promise((resolve) => {
        let timer: ReturnType<typeof setTimeout> | undefined;
        const look = () => {
          const left = 1000 * (instant - now()) / speed;
          if (left <= 0 || signal.aborted) {
            signal.removeEventListener("abort", stop);
            resolve();
          } else if (left <= TIMER_SLACK_MS) setImmediate(look);
          else timer = setTimeout(look, Math.min(LONGEST_WAIT_MS, left - TIMER_SLACK_MS));
        };
        const stop = () => {
          clearTimeout(timer);
          resolve();
        };
        signal.addEventListener("abort", stop, { once: true });
        look();
      }),
  };
}
