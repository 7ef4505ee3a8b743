import { isBlank } from "./blank.ts";
import { DATE_EXAMPLES, DATE_FORMS, type DateForm, parseDateText } from "./date-text.ts";
import { parseInstant } from "./instant.ts";

/** How the values of a column of times are written: as numbers, or as texts in one of the forms. */
export type TimeForm = "number" | DateForm;

const MINUS = 45;
const POINT = 46;
const ZERO = 48;
/** Digits that a double holds exactly, and so the pieces of a longer number. */
const PIECE = 9;
const PIECE_SIZE = 10 ** PIECE;
/** Digits of a whole number at most: nanoseconds since 1970 have 19. */
const MOST_DIGITS = 21;
const POWERS = Float64Array.from({ length: 16 }, (_, n) => 10 ** n);
const EXPONENT = /^-?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)[eE][+-]?[0-9]+$/;
/** Ticks that a date may have: the years 1970 to 2199. */
const EARLIEST = parseDateText("1970-01-01T00:00", "iso")!.ticks;
const LATEST = parseDateText("2199-12-31T23:59:59.9999999", "iso")!.ticks;

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** What {@link TimeColumn} makes of a number 0, which many logs write where they have no time. */
export const ZERO_TIME = -Infinity;

/**
 * Reads the values of one column of times exactly, whatever their unit: numbers as differences to
 * {@link TimeColumn.reference}, so that nanoseconds since 1970, which no double holds, lose nothing;
 * dates as ticks of 100 ns since 2015 (see `parseInstant`). A value that says nothing is NaN, a number
 * 0 {@link ZERO_TIME}. The first value that is kept says whether the column holds numbers or ISO dates,
 * unless the form is given; a value of another form is none.
 *
 * A value that was read counts for what the column is once {@link TimeColumn.keep} says that its row is
 * good.
 */
export class TimeColumn {
  #form: TimeForm | undefined;
  /** The reference in pieces: `head` × 10⁹ + `tail`. */
  #head = NaN;
  #tail = 0;
  #zoned = false;
  #unzoned = false;
  /** What the value that was read last would make of the column. */
  #nextForm: TimeForm | undefined;
  #nextHead = NaN;
  #nextTail = 0;
  #nextZoned = false;
  readonly #buffer = new Uint8Array(64);

  /** @param form how the values are written, where that is known */
  constructor(form?: TimeForm) {
    this.#form = form;
  }

  /** How the values are written; undefined before the first, where it was not given. */
  get form(): TimeForm | undefined {
    return this.#form;
  }

  /** What the numbers are differences to, a whole number in the column's own unit; 0 for dates. */
  get reference(): bigint {
    if (Number.isNaN(this.#head)) return 0n;
    return BigInt(this.#head) * BigInt(PIECE_SIZE) + BigInt(this.#tail);
  }

  /** Whether some dates name their zone, and whether some do not. */
  get zones(): { readonly some: boolean; readonly none: boolean } {
    return { some: this.#zoned, none: this.#unzoned };
  }

  /** What the column accepts, in words. */
  get expected(): string {
    if (this.#form === undefined) {
      return `a number, or ${DATE_EXAMPLES.iso}; other dates have a unit: dmy, mdy or clf`;
    }
    return this.#form === "number" ? "a time as a number" : DATE_EXAMPLES[this.#form];
  }

  /** Takes the value that was read last into account: its row is good. */
  keep(): void {
    if (this.#nextForm === undefined) return;
    this.#form = this.#nextForm;
    if (this.#form !== "number") {
      if (this.#nextZoned) this.#zoned = true;
      else this.#unzoned = true;
    } else if (Number.isNaN(this.#head)) {
      this.#head = this.#nextHead;
      this.#tail = this.#nextTail;
    }
    this.#nextForm = undefined;
  }

  /** The value of the text `bytes[start]` to `bytes[end - 1]`; undefined where it is no time. */
  parseBytes(bytes: Uint8Array, start: number, end: number): number | undefined {
    this.#nextForm = undefined;
    if (start === end) return NaN;
    if (this.#form === undefined || this.#form === "number") {
      const time = this.#number(bytes, start, end);
      if (time !== undefined) return time;
    }
    if (this.#form === undefined || this.#form === "iso") {
      // The usual way to write a date needs no text.
      const ticks = parseInstant(bytes, start, end);
      if (ticks >= EARLIEST && ticks <= LATEST) {
        const mark = bytes[end - 6];
        const zoned = bytes[end - 1] === 90 ||
          (end - start >= 25 && (mark === 43 || mark === MINUS));
        return this.#date("iso", ticks, zoned);
      }
    }
    return this.#text(decoder.decode(bytes.subarray(start, end)));
  }

  /** The value of a text; undefined where it is no time. */
  parseText(text: string): number | undefined {
    if (text.length > this.#buffer.length) return undefined;
    const { read, written } = encoder.encodeInto(text, this.#buffer);
    return read < text.length ? undefined : this.parseBytes(this.#buffer, 0, written);
  }

  /** The value of a number; undefined where it is no time. */
  parseNumber(value: number): number | undefined {
    this.#nextForm = undefined;
    if (!Number.isSafeInteger(value)) {
      // The shortest text that gives this double is what the file has, in decimal digits.
      return Number.isFinite(value) ? this.parseText(String(value)) : undefined;
    }
    const head = Math.trunc(value / PIECE_SIZE);
    return this.#form !== undefined && this.#form !== "number"
      ? undefined
      : this.#difference(head, value - head * PIECE_SIZE, 0);
  }

  #number(bytes: Uint8Array, start: number, end: number): number | undefined {
    const negative = bytes[start] === MINUS;
    const from = negative ? start + 1 : start;
    let point = from;
    while (point < end && bytes[point] >= ZERO && bytes[point] <= 57) point++;
    const digits = point - from;
    if (digits > MOST_DIGITS) return undefined;
    const cut = Math.max(from, point - PIECE);
    let head = 0;
    for (let at = from; at < cut; at++) head = 10 * head + bytes[at] - ZERO;
    let tail = 0;
    for (let at = cut; at < point; at++) tail = 10 * tail + bytes[at] - ZERO;
    let fraction = 0;
    if (point < end) {
      if (bytes[point] !== POINT) return undefined;
      let at = point + 1;
      const last = Math.min(end, at + 15);
      for (; at < last && bytes[at] >= ZERO && bytes[at] <= 57; at++) {
        fraction = 10 * fraction + bytes[at] - ZERO;
      }
      fraction /= POWERS[at - point - 1];
      // Digits beyond what a double can tell apart.
      while (at < end && bytes[at] >= ZERO && bytes[at] <= 57) at++;
      if (at < end || digits + at - point - 1 === 0) return undefined;
    } else if (digits === 0) return undefined;
    return negative
      ? this.#difference(-head, -tail, -fraction)
      : this.#difference(head, tail, fraction);
  }

  #difference(head: number, tail: number, fraction: number): number {
    this.#nextForm = "number";
    this.#nextHead = NaN;
    if (head === 0 && tail === 0 && fraction === 0) return ZERO_TIME;
    if (!Number.isNaN(this.#head)) {
      return (head - this.#head) * PIECE_SIZE + (tail - this.#tail) + fraction;
    }
    this.#nextHead = head;
    this.#nextTail = tail;
    return fraction;
  }

  #date(form: DateForm, ticks: number, zoned: boolean): number {
    this.#nextForm = form;
    this.#nextZoned = zoned;
    return ticks;
  }

  #text(text: string): number | undefined {
    if (isBlank(text)) return NaN;
    const isNumber = (this.#form === undefined || this.#form === "number") && EXPONENT.test(text);
    const value = isNumber ? Number(text) : NaN;
    if (Math.abs(value) <= Number.MAX_SAFE_INTEGER) {
      const whole = Math.trunc(value);
      const head = Math.trunc(whole / PIECE_SIZE);
      return this.#difference(head, whole - head * PIECE_SIZE, value - whole);
    }
    if (this.#form === "number") return undefined;
    const form = this.#form ?? "iso";
    const date = parseDateText(text, form);
    return date && this.#date(form, date.ticks, date.zoned);
  }
}

/** Whether a form is one of a date. */
export function isDateForm(form: TimeForm | undefined): form is DateForm {
  return (DATE_FORMS as readonly (string | undefined)[]).includes(form);
}
