import type { Clock } from "./client/clock.ts";
import { MACHINE_TIME, type MachineTime } from "./machine-time.ts";

/** The clock of a live run in real or scaled time. */
export interface LiveClock extends Clock {
  /** What it goes by. */
  readonly machine: MachineTime;
  /** Resolves at `instant`, or when `signal` is aborted, whichever is first. */
  waitUntil(instant: number, signal: AbortSignal): Promise<void>;
}

/** Milliseconds before the instant at which a timer, which may be a millisecond late, is not used. */
const TIMER_SLACK_MS = 1.5;
/** Timers of the platform hold no longer wait than 2³¹ ms. */
const LONGEST_WAIT_MS = 2 ** 30;

/** How a {@link liveClock} goes. */
export interface LiveClockOptions {
  /** Seconds at which it starts. @default 0 */
  readonly from?: number;
  /** Its seconds in a real one. @default 1 */
  readonly speed?: number;
  /** @default the clocks and timers of this machine */
  readonly machine?: MachineTime;
}

/**
 * A clock that starts at `from` and runs `speed` times as fast as real time. Monotonic: a change of
 * the system's time does not touch it.
 */
export function liveClock(
  { from = 0, speed = 1, machine = MACHINE_TIME }: LiveClockOptions = {},
): LiveClock {
  const zero = machine.monotonic();
  const now = () => from + speed * (machine.monotonic() - zero) / 1000;
  return {
    machine,
    now,
    waitUntil: (instant, signal) =>
      new Promise((resolve) => {
        let takeBack = () => {};
        const look = () => {
          const left = 1000 * (instant - now()) / speed;
          if (left <= 0 || signal.aborted) {
            signal.removeEventListener("abort", stop);
            resolve();
          } else if (left <= TIMER_SLACK_MS) machine.soon(look);
          else takeBack = machine.after(Math.min(LONGEST_WAIT_MS, left - TIMER_SLACK_MS), look);
        };
        const stop = () => {
          takeBack();
          resolve();
        };
        signal.addEventListener("abort", stop, { once: true });
        look();
      }),
  };
}
