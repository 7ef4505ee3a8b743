import { InputError } from "../../../errors/input-error.ts";
import { EPOCH_DAYS, TICKS } from "../parsing/instant.ts";
import type { RowProblem } from "../parsing/row-verdict.ts";
import { type TimeColumn, ZERO_TIME } from "../parsing/time-column.ts";
import type { Source } from "./column-map.ts";
import { quotedName } from "./quoted.ts";
import type { InstantTarget } from "./targets.ts";
import {
  DURATION_UNITS,
  epochUnitOf,
  LATEST_DATE,
  type NumberUnit,
  PER_SECOND,
  UNIT_WORDS,
} from "./units.ts";

const NANOSECONDS = 1_000_000_000n;
/** Ticks of dates are counted from here, seconds since 1970. */
const TICKS_FROM = BigInt(EPOCH_DAYS * 86_400);
/** Seconds from which a time is a date since 1970 (2001), and below which it is none (1973). */
const [IS_DATE, NO_DATE] = [1e9, 1e8];

/** A column of times as it was read. */
export interface RawTimes {
  readonly target: InstantTarget;
  readonly source: Source;
  readonly times: TimeColumn;
  /** As `TimeColumn` gives them, one a row; they are changed. */
  readonly values: Float64Array;
}

/** Where the rows of the file are, for messages. */
export interface RowPlaces {
  readonly file: string;
  /** Line of the row at an index. */
  rowAt(index: number): number;
}

/** A column of times whose unit is known. */
export interface Clock {
  readonly raw: RawTimes;
  /** Of its own unit since `zero`; NaN where a row says none. */
  readonly values: Float64Array;
  readonly perSecond: number;
  /** Nanoseconds since 1970, or since the start that the log counts from. */
  readonly zero: bigint;
  /** Whether it counts from 1970. */
  readonly dates: boolean;
  /** Whether all times are whole seconds. */
  readonly whole: boolean;
  /** Rows whose time cannot be one of this column, by index. */
  readonly problems: ReadonlyMap<number, RowProblem>;
  /** What was taken for granted. */
  readonly assumptions: readonly string[];
}

/**
 * Tells the unit of a column of times: the one that the map names, or the only one that its values can
 * have. Throws an InputError where several can be, naming the values and what to write. Undefined for a
 * column that says nothing in any row.
 */
export function clockOf(raw: RawTimes, places: RowPlaces): Clock | undefined {
  const { values, times } = raw;
  const first = values.findIndex((value) => !Number.isNaN(value));
  if (first < 0) return undefined;
  return times.form === "number" ? numberClock(raw, places) : dateClock(raw, places, first);
}

function dateClock(raw: RawTimes, { file }: RowPlaces, first: number): Clock {
  const { target, source: { column }, times: { zones }, values } = raw;
  if (zones.some && zones.none) {
    throw new InputError({
      file,
      field: column,
      expected: "a zone in every date or in none: some have one, and some do not",
    });
  }
  // Differences between dates of one log are whole ticks, which large sums would round.
  const shift = Math.floor(values[first]);
  for (let i = 0; i < values.length; i++) values[i] -= shift;
  const zero = TICKS_FROM * NANOSECONDS + BigInt(shift) * (NANOSECONDS / BigInt(TICKS));
  return {
    raw,
    values,
    perSecond: TICKS,
    zero,
    dates: true,
    whole: isWhole(values, TICKS, zero),
    problems: new Map(),
    assumptions: zones.none ? [`${target}: the dates in ${column} name no zone and are UTC`] : [],
  };
}

function numberClock(raw: RawTimes, places: RowPlaces): Clock {
  const { target, source, times: { reference }, values } = raw;
  const assumptions: string[] = [];
  let unit: NumberUnit;
  if (source.unit === undefined || source.unit === "epoch") {
    unit = unitBySize(raw, places);
    const words = `${UNIT_WORDS[unit]} since 1970`;
    assumptions.push(`${target}: ${source.column} is ${words}, as the size of its values tells`);
  } else unit = source.unit as NumberUnit;
  const perSecond = PER_SECOND[unit];
  const zero = reference * (NANOSECONDS / BigInt(perSecond));
  const start = Number(reference) / perSecond;
  let latest = -1;
  for (let i = 0; i < values.length; i++) {
    if (values[i] > (values[latest] ?? -Infinity)) latest = i;
  }
  const most = latest < 0 ? 0 : start + values[latest] / perSecond;
  if (most > LATEST_DATE) throw tooLate(raw, latest, unit, places);
  const dates = most >= IS_DATE;
  const problems = new Map<number, RowProblem>();
  for (let i = 0; i < values.length; i++) {
    if (values[i] === ZERO_TIME) values[i] = dates ? NaN : -Number(reference);
    else if (dates && start + values[i] / perSecond < NO_DATE) {
      const expected = `${UNIT_WORDS[unit]} since 1970, as the other rows have`;
      problems.set(i, { field: source.column, value: written(raw, i), expected });
    }
  }
  return {
    ...{ raw, values, perSecond, zero, dates, problems, assumptions },
    whole: isWhole(values, perSecond, zero),
  };
}

/** A value as the file has it. */
function written({ values, times: { reference } }: RawTimes, index: number): number | bigint {
  const value = values[index];
  if (value === ZERO_TIME) return 0;
  if (!Number.isInteger(value)) return Number(reference) + value;
  const whole = reference + BigInt(value);
  return Number.isSafeInteger(Number(whole)) ? Number(whole) : whole;
}

function unitBySize(raw: RawTimes, { file, rowAt }: RowPlaces): NumberUnit {
  const { target, source: { column, unit: declared }, times: { reference }, values } = raw;
  const start = Number(reference);
  let unit: NumberUnit | undefined;
  let [least, most, odd] = [Infinity, -Infinity, -1];
  for (let i = 0; i < values.length; i++) {
    const value = values[i] === ZERO_TIME ? 0 : values[i] + start;
    if (Number.isNaN(value)) continue;
    if (value < least) least = value;
    if (value > most) most = value;
    if (value === 0 || odd >= 0) continue;
    const own = epochUnitOf(value);
    if (own === undefined || (unit !== undefined && own !== unit)) odd = i;
    else unit = own;
  }
  if (odd < 0 && unit !== undefined) return unit;
  const name = `${target}=${quotedName(column)}`;
  const units = DURATION_UNITS.map((each) => `${name}:${each}`).join(", ");
  throw new InputError({
    file,
    ...odd >= 0 && { row: rowAt(odd), value: written(raw, odd) },
    field: column,
    expected: declared === "epoch"
      ? "a time since 1970 whose size tells its unit, the same in all rows, or the unit in the map: " +
        units
      : `a unit in the map, because numbers from ${least} to ${most} do not tell it: ${units}`,
  });
}

function tooLate(
  raw: RawTimes,
  latest: number,
  unit: NumberUnit,
  { file, rowAt }: RowPlaces,
): InputError {
  const { target, source: { column } } = raw;
  const value = written(raw, latest);
  const other = epochUnitOf(Number(value));
  const hint = other === undefined
    ? ""
    : `; in ${UNIT_WORDS[other]} it is one: ${target}=${quotedName(column)}:${other}`;
  const expected = `a time before the year 2200 in ${UNIT_WORDS[unit]}${hint}`;
  return new InputError({ file, row: rowAt(latest), field: column, value, expected });
}

function isWhole(values: Float64Array, perSecond: number, zero: bigint): boolean {
  const behind = Number(zero % NANOSECONDS) * perSecond / 1e9;
  return values.every((value) => Number.isNaN(value) || (value + behind) % perSecond === 0);
}

/** Turns the values of a clock into seconds since `origin`, which is given as {@link Clock.zero} is. */
export function secondsSince({ values, perSecond, zero }: Clock, origin: bigint): Float64Array {
  const offset = Number(zero - origin) / 1e9;
  for (let i = 0; i < values.length; i++) values[i] = values[i] / perSecond + offset;
  return values;
}

/** Refuses clocks of which some count from 1970 and others from a start of their own. */
export function assertOneClock(clocks: readonly Clock[], file: string): void {
  const dates = clocks.find((clock) => clock.dates);
  const other = clocks.find((clock) => !clock.dates);
  if (dates === undefined || other === undefined) return;
  const { target, source: { column } } = other.raw;
  throw new InputError({
    file,
    field: column,
    expected:
      `times since 1970, as ${dates.raw.source.column} has: ${target} counts from another ` +
      "start. A duration is ttft or e2e, not first or finish",
  });
}

/** A time of a clock for people: a date, or seconds of the file's own clock. */
export function describeTime(
  seconds: number,
  { zero, dates }: Pick<Clock, "zero" | "dates">,
): string {
  const at = Number(zero) / 1e9 + seconds;
  if (!dates) return `${Number(at.toPrecision(12))} s of the file's clock`;
  return new Date(Math.round(at * 1000)).toISOString();
}
