import * as z from "zod";
import type { TimeColumn } from "./time-column.ts";

/** Largest count that the Int32 columns of a workload hold. */
export const INT32_MAX = 2 ** 31 - 1;

/** A thousand million seconds, 32 years: what is later is a date or another unit, no time since. */
const LATEST_SECONDS = 1e9;

/** No control characters; in a form that validators of the data package outside JavaScript read. */
// deno-lint-ignore no-control-regex -- control characters are what it is about
const PRINTABLE = /^[^\u0000-\u001f\u007f-\u009f]*$/;

/** Bounds of a count column, both inclusive. */
export interface CountBounds {
  /** @default 0 */
  readonly min?: number;
  /** @default 2147483647, the largest Int32 */
  readonly max?: number;
}

/** Column of whole numbers without a unit, for example ids. */
export function countColumn(description: string, { min = 0, max = INT32_MAX }: CountBounds = {}) {
  return z.int().min(min).max(max).meta({ description });
}

/** Column of token counts. */
export function tokensColumn(description: string, { min = 1, max = INT32_MAX }: CountBounds = {}) {
  return z.int().min(min).max(max).meta({ description, unit: "tokens" });
}

/** Column of lists of ids, each a whole number of an Int32. */
export function idsColumn(description: string) {
  return z.array(z.int().min(0).max(INT32_MAX)).meta({ description });
}

/** Column of durations or of times since some start, in seconds: finite, 0 to 1e9. */
export function secondsColumn(description: string) {
  return z.number().min(0).max(LATEST_SECONDS).meta({ description, unit: "seconds" });
}

/** Column of token counts that says nothing in some rows, which are NaN. */
export function tokensOrBlankColumn(description: string) {
  return z.int().min(0).max(INT32_MAX).meta({ description, unit: "tokens", blank: true });
}

/** Column of durations that says nothing in some rows, which are NaN; at most `most` of its units. */
export function durationOrBlankColumn(description: string, most: number) {
  return z.number().min(0).max(most).meta({ description, blank: true });
}

/** Column of times as `times` reads them. */
export function timesColumn(description: string, times: TimeColumn) {
  return z.string().meta({ description, times });
}

/** Column of names that become labels: 1 to 256 printable characters. */
export function labelColumn(description: string) {
  return z.string().min(1).max(256).regex(PRINTABLE)
    .meta({ description, expected: "a name of 1 to 256 printable characters" });
}

/** Column of names that may be empty where a row has none. */
export function optionalLabelColumn(description: string) {
  return z.string().max(256).regex(PRINTABLE)
    .meta({ description, expected: "a name of at most 256 printable characters, or nothing" });
}

/** Column that holds one of a few known words. */
export function enumColumn<const W extends readonly [string, ...string[]]>(
  description: string,
  words: W,
) {
  return z.enum(words).meta({ description, expected: `one of ${words.join(", ")}` });
}

/** What {@link instantColumn} accepts; the numbers' ranges and the calendar are checked when read. */
const INSTANT = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?(?:Z|[+-]\d{2}:\d{2})?$/;

/** Column of dates with times, read as ticks of 100 ns, see `parseInstant`. */
export function instantColumn(description: string) {
  return z.string().regex(INSTANT).meta({
    description,
    instant: true,
    expected: "a date and time like 2023-11-16 18:17:03.9799600, with Z, +00:00 or no zone",
  });
}

/** The same column, whose cell may be empty where there is no value: it is NaN then. */
export function orBlank<S extends z.ZodType>(column: S): S {
  return column.meta({ blank: true });
}
