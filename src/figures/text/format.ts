/** No-break space: a number stays with its unit. */
const NBSP = "\u00a0";

const formats = new Map<string, Intl.NumberFormat>();

function fixed(value: number, decimals: number, sign: "negative" | "exceptZero"): string {
  const key = `${decimals}/${sign}`;
  let format = formats.get(key);
  if (format === undefined) {
    format = new Intl.NumberFormat("en-US", {
      minimumFractionDigits: decimals,
      maximumFractionDigits: decimals,
      signDisplay: sign,
    });
    formats.set(key, format);
  }
  return format.format(value).replace("-", "−");
}

function decimalsFor(value: number, significant: number): number {
  if (value === 0) return 0;
  const magnitude = Math.floor(Math.log10(Math.abs(value)));
  return Math.min(6, Math.max(0, significant - 1 - magnitude));
}

/** Options of {@link formatNumber}. */
export interface FormatNumberOptions {
  /** Digits after the point. @default as many as three significant digits need */
  readonly decimals?: number;
  /** Written after the number: `s`, `%`. */
  readonly unit?: string;
}

/**
 * A number for readers: thousands separated, a true minus, three significant digits. Never in
 * another locale than English: figures are the same bytes everywhere.
 *
 * @example
 * house.formatNumber(1234.56, { unit: "s" }); // "1,235 s"
 */
export function formatNumber(value: number, options: FormatNumberOptions = {}): string {
  const { unit, decimals = Number.isInteger(value) ? 0 : decimalsFor(value, 3) } = options;
  const text = fixed(value, decimals, "negative");
  return unit === undefined ? text : `${text}${NBSP}${unit}`;
}

function percentDecimals(share: number): number {
  return Math.abs(share) >= 0.9995 ? 0 : 1;
}

/** A share as a percentage without a plus: `38.8 %`. */
export function formatPercent(share: number): string {
  return `${fixed(share * 100, percentDecimals(share), "negative")}${NBSP}%`;
}

/** A share as the label of a tick, with three significant digits at most: `50 %`, `99.9 %`. */
export function formatShareTick(share: number): string {
  return `${Number((share * 100).toPrecision(3))}${NBSP}%`;
}

/** A relative change with its sign: `−38.8 %`, `+4.0 %`. */
export function formatChange(change: number): string {
  return `${fixed(change * 100, percentDecimals(change), "exceptZero")}${NBSP}%`;
}

/** A format that gives all of the values as many digits after the point as the finest of them has. */
export function sameDecimals(values: readonly number[]): (value: number) => string {
  const digits = values.map((value) => (String(value).split(".")[1] ?? "").length);
  const decimals = Math.min(3, Math.max(0, ...digits));
  return (value) => formatNumber(value, { decimals });
}

/** Words as a list: `a`, `a and b`, `a, b and c`. */
export function formatList(words: readonly string[]): string {
  return words.length < 2
    ? words.join("")
    : `${words.slice(0, -1).join(", ")} and ${words[words.length - 1]}`;
}
