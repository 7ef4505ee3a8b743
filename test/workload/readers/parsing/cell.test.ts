import fc from "fast-check";
import { expect, test } from "vitest";
import * as z from "zod";
import { compileCell } from "../../../../src/workload/readers/parsing/cell.ts";
import {
  countColumn,
  enumColumn,
  labelColumn,
  optionalLabelColumn,
  secondsColumn,
  tokensColumn,
} from "../../../../src/workload/readers/parsing/columns.ts";

const COLUMNS = {
  count: countColumn("n", { min: 3, max: 40 }),
  tokens: tokensColumn("n"),
  seconds: secondsColumn("s"),
  label: labelColumn("l"),
  optionalLabel: optionalLabelColumn("l"),
  words: enumColumn("w", ["premium", "batch"]),
};

const number = fc.oneof(
  fc.integer({ min: -50, max: 50 }),
  fc.integer(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.constantFrom(0, 1, 1e9, 1e9 + 1, 2 ** 31 - 1, 2 ** 31, 1e300, -0),
);

test("a compiled cell takes exactly the numbers that its zod schema takes", () => {
  fc.assert(fc.property(number, (value) => {
    for (const column of [COLUMNS.count, COLUMNS.tokens, COLUMNS.seconds]) {
      // The text of a whole double above 1e21 has an exponent: no integer's text has one.
      const text = column === COLUMNS.seconds ? String(value) : BigIntText(value);
      const accepted = compileCell(column).parse(text);
      expect(accepted, text).toBe(
        column.safeParse(Number(text)).success ? Number(text) : undefined,
      );
    }
  }));
});

function BigIntText(value: number): string {
  return Number.isInteger(value) ? String(BigInt(value)) : String(value);
}

test("a compiled cell takes exactly the names that its zod schema takes", () => {
  const name = fc.oneof(
    fc.string({ unit: "binary", maxLength: 300 }),
    fc.constantFrom("", "premium", "batch", "a\tb", "x".repeat(256), "x".repeat(257), "名"),
  );
  fc.assert(fc.property(name, (text) => {
    for (const column of [COLUMNS.label, COLUMNS.optionalLabel, COLUMNS.words]) {
      const expected = column.safeParse(text).success ? text : undefined;
      expect(compileCell(column as z.ZodType).parse(text)).toBe(expected);
    }
  }));
});

test("only plain decimal text is a number", () => {
  const { parse } = compileCell(COLUMNS.seconds);
  const good = ["0", "1.", ".5", "1e3", "2.5E-3", "1e+2", "007"];
  expect(good.map(parse)).toEqual([0, 1, 0.5, 1000, 0.0025, 100, 7]);
  const bad = ["", " ", "1 ", "0x1", "1_0", "1,5", "1e", "e5", ".", "--1", "Infinity", "nan", "٣"];
  for (const text of bad) expect(parse(text), text).toBeUndefined();
});

test("every column says in words what it accepts", () => {
  const words = Object.values(COLUMNS).map((column) => compileCell(column as z.ZodType).expected);
  expect(words).toEqual([
    "an integer from 3 to 40",
    "an integer from 1 to 2147483647",
    "a number from 0 to 1000000000",
    "a name of 1 to 256 printable characters",
    "a name of at most 256 printable characters, or nothing",
    "one of premium, batch",
  ]);
});

test("a column that a file may lack is optional", () => {
  expect(compileCell(COLUMNS.tokens).optional).toBe(false);
  expect(compileCell(COLUMNS.tokens.optional()).optional).toBe(true);
});

test("a schema with more than a type and bounds is refused, not half obeyed", () => {
  const even = z.int().refine((value) => value % 2 === 0);
  expect(() => compileCell(even)).toThrow("custom");
  expect(() => compileCell(z.int().multipleOf(5))).toThrow("multipleOf");
  expect(() => compileCell(z.email())).toThrow("format");
  expect(() => compileCell(z.boolean())).toThrow("boolean");
  expect(() => compileCell(z.string().transform(Number))).toThrow();
});

test("ten million digits are refused in one pass", () => {
  const cell = compileCell(COLUMNS.seconds);
  const start = performance.now();
  expect(cell.parse(`${"1".repeat(1e7)}x`)).toBeUndefined();
  // Quadratic backtracking would take hours.
  expect(performance.now() - start).toBeLessThan(5000);
});
