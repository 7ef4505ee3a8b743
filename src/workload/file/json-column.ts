import type { InputProblem } from "../../errors/input-error.ts";

type Numbers = ArrayLike<number> & Iterable<number>;

const ARRAYS = {
  float64: { make: (size: number) => new Float64Array(size), least: -Infinity, most: Infinity },
  int32: { make: (size: number) => new Int32Array(size), least: -(2 ** 31), most: 2 ** 31 - 1 },
  uint16: { make: (size: number) => new Uint16Array(size), least: 0, most: 2 ** 16 - 1 },
  uint8: { make: (size: number) => new Uint8Array(size), least: 0, most: 2 ** 8 - 1 },
};

/** Types of a column in a file, with the typed array that each becomes. */
export interface ColumnArrays {
  readonly float64: Float64Array;
  readonly int32: Int32Array;
  readonly uint16: Uint16Array;
  readonly uint8: Uint8Array;
}

/** What JSON has no number for, in words; NaN is `null`. */
const WORDS = new Map<unknown, number>([
  [null, NaN],
  ["Infinity", Infinity],
  ["-Infinity", -Infinity],
  ["-0", -0],
]);

function encodeOne(value: number): number | string | null {
  if (Number.isNaN(value)) return null;
  if (Object.is(value, -0)) return "-0";
  return Number.isFinite(value) ? value : String(value);
}

/** A column as a JSON array from which {@link decodeColumn} makes the same bits (of NaN: one NaN). */
export function encodeColumn(values: Numbers): (number | string | null)[] {
  return Array.from(values, encodeOne);
}

/** Where a column stands and what it must be. */
export interface DecodeOptions<T extends keyof ColumnArrays> {
  readonly type: T;
  readonly file: string;
  readonly field: string;
  /** Numbers that it must have. */
  readonly size: number;
  /** Least and greatest value, on top of the type's own bounds. */
  readonly least?: number;
  readonly most?: number;
  /** Receives what is wrong; after that the values do not matter. */
  readonly problems: InputProblem[];
}

/** The typed array that a JSON array of {@link encodeColumn} stands for. */
export function decodeColumn<T extends keyof ColumnArrays>(
  values: readonly unknown[],
  { type, file, field, size, problems, ...bounds }: DecodeOptions<T>,
): ColumnArrays[T] {
  if (values.length !== size) {
    problems.push({ file, field, value: `${values.length} values`, expected: `${size} values` });
    // Not of that size: what a file claims may be more than any memory holds.
    return ARRAYS[type].make(0) as ColumnArrays[T];
  }
  const array = ARRAYS[type].make(size);
  const least = Math.max(ARRAYS[type].least, bounds.least ?? -Infinity);
  const most = Math.min(ARRAYS[type].most, bounds.most ?? Infinity);
  const whole = type !== "float64";
  const expected = whole
    ? `an integer from ${least} to ${most}`
    : 'a number, null (not a number), "Infinity", "-Infinity" or "-0"';
  for (let i = 0; i < size; i++) {
    const value = values[i];
    const fits = whole
      ? Number.isInteger(value) && (value as number) >= least && (value as number) <= most
      : Number.isFinite(value) || WORDS.has(value);
    if (fits) array[i] = typeof value === "number" ? value : WORDS.get(value)!;
    else problems.push({ file, row: i + 1, field, value, expected });
  }
  return array as ColumnArrays[T];
}

/** Type of the column that would hold `array` without loss. */
export function columnType(array: ColumnArrays[keyof ColumnArrays]): keyof ColumnArrays {
  if (array instanceof Float64Array) return "float64";
  if (array instanceof Int32Array) return "int32";
  return array instanceof Uint16Array ? "uint16" : "uint8";
}
