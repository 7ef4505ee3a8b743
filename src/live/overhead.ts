import { known } from "../statistics/known.ts";
import { quantileSorted } from "../statistics/quantile.ts";

/** A spread of seconds; NaN without any. */
export interface Spread {
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

/** What the client itself did to the times that it measured. */
export interface Overhead {
  /** How much later than due requests were taken on: the open loop's schedule. Seconds. */
  readonly schedule: Spread;
  /**
   * How much later than set a timer fired: bytes of a stream may have waited as long before they were
   * read and stamped. Seconds; a timer's own resolution of about 1 ms is in it. Null in virtual time.
   */
  readonly eventLoop: Spread | null;
}

/** Spread of values, NaN ones left out. */
export function spreadOf(values: Float64Array): Spread {
  const sorted = known(values).sort();
  return {
    p50: quantileSorted(sorted, 0.5),
    p99: quantileSorted(sorted, 0.99),
    max: quantileSorted(sorted, 1),
  };
}

const PERIOD_MS = 20;
/** Of so many delays the latest are kept: an hour's. */
const KEPT = 2 ** 17;

/** Measures how long the event loop keeps a timer waiting. */
export class EventLoopDelay {
  readonly #delays = new Float64Array(KEPT);
  #count = 0;
  #due = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  start(): void {
    this.#due = performance.now() + PERIOD_MS;
    this.#timer = setTimeout(() => {
      this.#delays[this.#count++ % KEPT] = Math.max(0, performance.now() - this.#due) / 1000;
      this.start();
    }, PERIOD_MS);
  }

  /** Ends the measurement. */
  stop(): Spread {
    clearTimeout(this.#timer);
    return spreadOf(this.#delays.slice(0, Math.min(this.#count, KEPT)));
  }
}
