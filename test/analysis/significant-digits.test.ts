import { expect, test } from "vitest";
import { significantDigits } from "../../src/analysis/significant-digits.ts";

test("three digits or as many as wanted, a true minus, a dash for no number", () => {
  expect([1234, 1.2345, -0.012345].map((value) => significantDigits(value))).toEqual(
    ["1230", "1.23", "−0.0123"],
  );
  expect(significantDigits(0.256, 2)).toBe("0.26");
  expect([NaN, Infinity].map((value) => significantDigits(value))).toEqual(["–", "–"]);
});
