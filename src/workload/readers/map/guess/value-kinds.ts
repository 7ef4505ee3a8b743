import { isBlank } from "../../parsing/blank.ts";
import { type DateForm, parseDateText } from "../../parsing/date-text.ts";
import { outcomeOf } from "../status-words.ts";
import { epochUnitOf, type InstantUnit, type NumberUnit, UNIT_WORDS } from "../units.ts";

/** Values of a column that say something, as texts. */
export function saidTexts(values: readonly unknown[]): string[] {
  return values.filter((value) =>
    value !== null && value !== undefined && typeof value !== "object"
  )
    .map(String).filter((text) => !isBlank(text));
}

/** What the values of a column of times are, and how that is seen. */
export interface TimesRead {
  /** Absent: numbers that are no dates, whose unit nobody can tell. */
  readonly unit?: InstantUnit;
  readonly dates: boolean;
  readonly reason: string;
}

/** What times the values are; undefined where they are none. */
export function timesOf(texts: readonly string[]): TimesRead | undefined {
  if (texts.length === 0) return undefined;
  const numbers = texts.map(Number);
  if (numbers.every(Number.isFinite)) {
    const dated = numbers.filter((value) => value !== 0);
    const units = new Set(dated.map(epochUnitOf));
    const [unit] = units;
    if (dated.length > 0 && units.size === 1 && unit !== undefined) {
      const digits = String(Math.trunc(dated[0])).length;
      const words = UNIT_WORDS[unit as NumberUnit];
      const longest = unit === "ns" ? 19 : digits;
      return { unit, dates: true, reason: `${longest} digits: ${words} since 1970` };
    }
    if (numbers.some((value) => value < 0)) return undefined;
    const [least, most] = [Math.min(...numbers), Math.max(...numbers)];
    return { dates: false, reason: `numbers from ${least} to ${most}` };
  }
  const fits = (form: DateForm) => texts.every((text) => parseDateText(text, form) !== undefined);
  if (fits("iso")) return { unit: "iso", dates: true, reason: "dates of ISO 8601" };
  if (fits("clf")) return { unit: "clf", dates: true, reason: "dates of access logs" };
  const [dayFirst, monthFirst] = [fits("dmy"), fits("mdy")];
  if (dayFirst && monthFirst) {
    return { dates: true, reason: "dates whose day and month nobody can tell" };
  }
  if (dayFirst) return { unit: "dmy", dates: true, reason: "dates, day first" };
  if (monthFirst) return { unit: "mdy", dates: true, reason: "dates, month first" };
}

/** Whether all values are counts. */
export function areCounts(texts: readonly string[]): boolean {
  return texts.length > 0 && texts.every((text) => /^\d{1,10}(?:\.0*)?$/.test(text));
}

/** Whether all values are durations. */
export function areDurations(texts: readonly string[]): boolean {
  return texts.length > 0 && texts.every((text) => Number(text) >= 0 && Number(text) < 1e13);
}

/** Whether all values are names. */
export function areNames(texts: readonly string[]): boolean {
  return texts.length > 0 && texts.every((text) => text.length <= 256);
}

/** Whether all values are statuses whose meaning is known. */
export function areStatuses(texts: readonly string[]): boolean {
  return texts.length > 0 && texts.every((text) => outcomeOf(text) !== undefined);
}
