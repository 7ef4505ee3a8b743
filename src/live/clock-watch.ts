/** What two clocks say at one moment. */
export interface ClockSample {
  /** Seconds on the monotonic clock. */
  readonly monotonic: number;
  /** Unix seconds of the system's clock, which people and time servers set. */
  readonly wall: number;
}

/** Something that happened to the clocks. */
export interface ClockEvent {
  /**
   * `wall-clock-jump`: the system's time was set, or the machine slept while the monotonic clock
   * stood. `process-stopped`: the process got no turn for so long.
   */
  readonly what: "wall-clock-jump" | "process-stopped";
  readonly seconds: number;
}

/** Seconds by which the clocks may drift apart between two looks. */
const TOLERANCE = 0.5;

/**
 * Finds jumps of the system's clock and long stops of the process, which a reader of measured times
 * should know of. The run itself goes by the monotonic clock and is not touched.
 */
export class ClockWatch {
  #last: ClockSample | null = null;

  /** @param expected longest time between two looks, seconds */
  constructor(private readonly expected: number) {}

  look(sample: ClockSample): ClockEvent | null {
    const last = this.#last;
    this.#last = sample;
    if (last === null) return null;
    const passed = sample.monotonic - last.monotonic;
    const jump = sample.wall - last.wall - passed;
    if (Math.abs(jump) > TOLERANCE) return { what: "wall-clock-jump", seconds: jump };
    const late = passed - this.expected;
    return late > TOLERANCE ? { what: "process-stopped", seconds: late } : null;
  }
}
