import { setImmediate } from "node:timers";

/**
 * The clocks and timers of a machine, so that a simulation can put its own in their place. Instants
 * and durations are milliseconds.
 */
export interface MachineTime {
  /** A clock that only goes forward; where its zero is does not matter. */
  monotonic(): number;
  /** Unix time by the system's clock, which people and time servers set. */
  wall(): number;
  /** Calls `then` once, when at least so much time has passed. Returns what takes the call back. */
  after(milliseconds: number, then: () => void): () => void;
  /** Calls `then` again and again. Returns what ends that. */
  every(milliseconds: number, then: () => void): () => void;
  /** Calls `then` once, in the next turn of the event loop. */
  soon(then: () => void): void;
}

/** The clocks and timers of this machine. */
export const MACHINE_TIME: MachineTime = {
  monotonic: () => performance.now(),
  wall: () => Date.now(),
  after(milliseconds, then) {
    const timer = setTimeout(then, milliseconds);
    return () => clearTimeout(timer);
  },
  every(milliseconds, then) {
    const timer = setInterval(then, milliseconds);
    return () => clearInterval(timer);
  },
  soon: (then) => void setImmediate(then),
};
