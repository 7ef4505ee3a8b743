const DIGITS_IN_SECOND = 7;
/** Ticks in a second: what seven digits, Azure's precision, can say. */
export const TICKS = 10 ** DIGITS_IN_SECOND;
/** Days from 1970-01-01 to 2015-01-01, from which ticks are counted: exact from 1987 to 2043. */
export const EPOCH_DAYS = 16_436;

const DASH = 45;
const COLON = 58;
const DAYS_IN_MONTH = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/**
 * An instant in ticks of 100 ns since 2015-01-01 UTC, from `YYYY-MM-DD HH:MM:SS`, `T` or a space
 * between, with up to nine digits of a fraction and `Z`, `±HH:MM` or no zone, which means UTC.
 * Whole ticks are exact, where seconds since 1970 in a double would round to 240 ns. NaN for any
 * other text.
 *
 * @param bytes the text is `bytes[start]` to `bytes[end - 1]`
 */
export function parseInstant(bytes: Uint8Array, start: number, end: number): number {
  if (end - start < 19) return NaN;
  const year = digits(bytes, start, 4);
  const month = digits(bytes, start + 5, 2);
  const day = digits(bytes, start + 8, 2);
  const hour = digits(bytes, start + 11, 2);
  const minute = digits(bytes, start + 14, 2);
  const second = digits(bytes, start + 17, 2);
  const between = bytes[start + 10];
  const shaped = bytes[start + 4] === DASH && bytes[start + 7] === DASH &&
    (between === 32 || between === 84) && bytes[start + 13] === COLON &&
    bytes[start + 16] === COLON;
  // Each is NaN where a character is no digit, and then no comparison holds.
  if (!shaped || !(year >= 0 && month >= 1 && month <= 12 && day >= 1)) return NaN;
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  if (!(day <= DAYS_IN_MONTH[month - 1] + (month === 2 && leap ? 1 : 0))) return NaN;
  if (!(hour <= 23 && minute <= 59 && second <= 59)) return NaN;

  let at = start + 19;
  let ticks = 0;
  if (bytes[at] === 46 && at < end) {
    const first = ++at;
    let unit = TICKS;
    for (; at < end && bytes[at] >= 48 && bytes[at] <= 57; at++) {
      unit /= 10;
      ticks += (bytes[at] - 48) * unit;
    }
    if (at === first || at - first > 9) return NaN;
  }
  const zone = zoneMinutes(bytes, at, end);
  const seconds = ((daysSince1970(year, month, day) - EPOCH_DAYS) * 24 + hour) * 3600 +
    (minute - zone) * 60 + second;
  return seconds * TICKS + ticks;
}

function zoneMinutes(bytes: Uint8Array, at: number, end: number): number {
  if (at === end) return 0;
  if (bytes[at] === 90) return at + 1 === end ? 0 : NaN;
  const sign = bytes[at] === 43 ? 1 : bytes[at] === DASH ? -1 : NaN;
  if (at + 6 !== end || bytes[at + 3] !== COLON) return NaN;
  const hours = digits(bytes, at + 1, 2);
  const minutes = digits(bytes, at + 4, 2);
  return hours <= 23 && minutes <= 59 ? sign * (hours * 60 + minutes) : NaN;
}

function digits(bytes: Uint8Array, at: number, count: number): number {
  let value = 0;
  for (let i = at; i < at + count; i++) {
    const digit = bytes[i] - 48;
    if (!(digit >= 0 && digit <= 9)) return NaN;
    value = 10 * value + digit;
  }
  return value;
}

/** Days of the proleptic Gregorian calendar; counted in years that begin in March. */
export function daysSince1970(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year;
  const m = (month + 9) % 12;
  const leapDays = Math.floor(y / 4) - Math.floor(y / 100) + Math.floor(y / 400);
  return 365 * y + leapDays + Math.floor((153 * m + 2) / 5) + day - 1 - 719_468;
}

/** Ticks as a date in UTC, `2023-11-16T18:17:03.9799600Z`. */
export function formatInstant(ticks: number): string {
  const seconds = Math.floor(ticks / TICKS);
  const fraction = String(Math.round(ticks - seconds * TICKS)).padStart(DIGITS_IN_SECOND, "0");
  const date = new Date((seconds + EPOCH_DAYS * 86_400) * 1000).toISOString();
  return `${date.slice(0, date.indexOf("."))}.${fraction}Z`;
}
