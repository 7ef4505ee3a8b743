import type { RowProblem } from "../parsing/row-verdict.ts";
import {
  assertOneClock,
  type Clock,
  clockOf,
  type RawTimes,
  type RowPlaces,
  secondsSince,
} from "./clock.ts";
import type { InstantTarget } from "./targets.ts";

/** The instants of a log, on one clock. */
export interface LogInstants {
  /** Seconds since the clock's `zero`; NaN where a row says none. */
  readonly instants: Readonly<Partial<Record<InstantTarget, Float64Array>>>;
  /** The clock that they count on; undefined where the log has no instants. */
  readonly clock: Clock | undefined;
  /** Targets whose times are whole seconds. */
  readonly whole: ReadonlySet<string>;
  /** Rows with a time that cannot be, by index. */
  readonly problems: ReadonlyMap<number, RowProblem>;
  readonly assumptions: readonly string[];
}

/**
 * Puts the columns of times on one clock, that of the first; where a target has several columns, the
 * first that says something in a row counts. Throws an InputError as {@link clockOf} does.
 */
export function logInstants(columns: readonly RawTimes[], places: RowPlaces): LogInstants {
  const clocks = columns.map((column) => clockOf(column, places))
    .filter((clock) => clock !== undefined);
  assertOneClock(clocks, places.file);
  const instants: Partial<Record<InstantTarget, Float64Array>> = {};
  const whole = new Set<string>();
  for (const clock of clocks) {
    const { target } = clock.raw;
    const seconds = secondsSince(clock, clocks[0].zero);
    const before = instants[target];
    if (before === undefined) instants[target] = seconds;
    else {for (let i = 0; i < before.length; i++) {
        if (Number.isNaN(before[i])) before[i] = seconds[i];
      }}
    if (clock.whole) whole.add(target);
  }
  return {
    instants,
    whole,
    clock: clocks.at(0),
    problems: new Map(clocks.flatMap(({ problems }) => [...problems])),
    assumptions: clocks.flatMap(({ assumptions }) => assumptions),
  };
}
