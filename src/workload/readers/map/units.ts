import { DATE_FORMS, type DateForm } from "../parsing/date-text.ts";
import type { TimeForm } from "../parsing/time-column.ts";

/** How many of a unit are a second. */
export const PER_SECOND = { s: 1, ms: 1e3, us: 1e6, ns: 1e9 } as const;
export type NumberUnit = keyof typeof PER_SECOND;

/** Units of durations. */
export const DURATION_UNITS = Object.keys(PER_SECOND) as NumberUnit[];

/** Units of instants: numbers in a unit, `epoch` for one that the size tells, forms of dates. */
export const INSTANT_UNITS = [...DURATION_UNITS, "epoch", ...DATE_FORMS] as const;
export type InstantUnit = NumberUnit | "epoch" | DateForm;

/** The names of units in words. */
export const UNIT_WORDS: Readonly<Record<NumberUnit, string>> = {
  s: "seconds",
  ms: "milliseconds",
  us: "microseconds",
  ns: "nanoseconds",
};

/** How the values of a column of instants are written; undefined where the first one says it. */
export function formOf(unit: InstantUnit | undefined): TimeForm | undefined {
  if (unit === undefined) return undefined;
  return (DATE_FORMS as readonly string[]).includes(unit) ? unit as DateForm : "number";
}

/** Seconds since 1970 of September 2001 and of 2103: what is told to be a date by its size. */
const [DATES_FROM, DATES_TO] = [1e9, 4.2e9];
/** Seconds since 1970 up to the year 2200; a later one is another unit. */
export const LATEST_DATE = 7.26e9;

/** The unit in which a number is a date since 1970, from 2001 to 2103; undefined where in none. */
export function epochUnitOf(value: number): NumberUnit | undefined {
  return DURATION_UNITS.find((unit) =>
    value >= DATES_FROM * PER_SECOND[unit] && value < DATES_TO * PER_SECOND[unit]
  );
}
