import { daysSince1970, EPOCH_DAYS, TICKS } from "./instant.ts";

/** Ways in which a text says a date and a time. */
export const DATE_FORMS = ["iso", "dmy", "mdy", "clf"] as const;
export type DateForm = (typeof DATE_FORMS)[number];

/** What each form looks like, for messages. */
export const DATE_EXAMPLES: Readonly<Record<DateForm, string>> = {
  iso: "a date and time like 2025-11-16T18:17:03.979Z, +01:00 or no zone",
  dmy: "a date and time like 16/11/2025 18:17:03, day first",
  mdy: "a date and time like 11/16/2025 6:17:03 PM, month first",
  clf: "a date and time like 16/Nov/2025:18:17:03 +0000",
};

/** A date and time. */
export interface TextDate {
  /** Of 100 ns since 2015-01-01 UTC, as `parseInstant` counts them. */
  readonly ticks: number;
  /** Whether the text names its zone; UTC where it does not. */
  readonly zoned: boolean;
}

const ZONE = String.raw`\s?(?<zone>Z|z|UTC|GMT|[+-]\d{2}(?::?\d{2})?)?(?:\s[A-Z]{2,5})?`;
const TIME = String
  .raw`(?<hour>\d{1,2}):(?<minute>\d{2})(?::(?<second>\d{2})(?:[.,](?<fraction>\d{1,9}))?)?`;
const HALF = String.raw`(?:\s?(?<half>[AaPp])\.?[Mm]\.?)?`;

const PATTERNS: Readonly<Record<DateForm, RegExp>> = {
  iso: new RegExp(String.raw`^(?<year>\d{4})-(?<month>\d{2})-(?<day>\d{2})[Tt ]${TIME}${ZONE}$`),
  dmy: new RegExp(
    String.raw`^(?<day>\d{1,2})[./-](?<month>\d{1,2})[./-](?<year>\d{4}),?\s${TIME}${HALF}${ZONE}$`,
  ),
  mdy: new RegExp(
    String.raw`^(?<month>\d{1,2})[./-](?<day>\d{1,2})[./-](?<year>\d{4}),?\s${TIME}${HALF}${ZONE}$`,
  ),
  clf: new RegExp(
    String.raw`^\[?(?<day>\d{2})/(?<name>[A-Z][a-z]{2})/(?<year>\d{4}):${TIME}${ZONE}\]?$`,
  ),
};

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const FIRST_YEAR = 1970;
const LAST_YEAR = 2199;

/** The date and time of a text in one of the forms; undefined for any other text or no such date. */
export function parseDateText(text: string, form: DateForm): TextDate | undefined {
  const found = PATTERNS[form].exec(text)?.groups;
  if (found === undefined) return undefined;
  const year = Number(found.year);
  const month = found.name === undefined ? Number(found.month) : MONTHS.indexOf(found.name) + 1;
  const day = Number(found.day);
  if (year < FIRST_YEAR || year > LAST_YEAR) return undefined;
  if (month < 1 || month > 12 || day < 1 || day > daysIn(year, month)) return undefined;
  const hour = hourOf(Number(found.hour), found.half);
  const minute = Number(found.minute);
  const second = Number(found.second ?? 0);
  if (hour === undefined || minute > 59 || second > 59) return undefined;
  const zone = zoneMinutes(found.zone);
  if (zone === undefined) return undefined;
  const days = daysSince1970(year, month, day) - EPOCH_DAYS;
  const seconds = (days * 24 + hour) * 3600 + (minute - zone) * 60 + second;
  const fraction = Number((found.fraction ?? "").padEnd(9, "0")) / 100;
  return { ticks: seconds * TICKS + fraction, zoned: found.zone !== undefined };
}

function daysIn(year: number, month: number): number {
  const [next, after] = month === 12 ? [year + 1, 1] : [year, month + 1];
  return daysSince1970(next, after, 1) - daysSince1970(year, month, 1);
}

function hourOf(hour: number, half: string | undefined): number | undefined {
  if (half === undefined) return hour <= 23 ? hour : undefined;
  if (hour < 1 || hour > 12) return undefined;
  return hour % 12 + (half.toLowerCase() === "p" ? 12 : 0);
}

function zoneMinutes(zone: string | undefined): number | undefined {
  if (zone === undefined || /^[A-Za-z]/.test(zone)) return 0;
  const hours = Number(zone.slice(1, 3));
  const minutes = Number(zone.slice(3).replace(":", "") || 0);
  if (hours > 23 || minutes > 59) return undefined;
  return (zone.startsWith("-") ? -1 : 1) * (hours * 60 + minutes);
}
