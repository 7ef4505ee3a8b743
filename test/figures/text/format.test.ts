import { describe, expect, test } from "vitest";
import {
  formatChange,
  formatList,
  formatNumber,
  formatPercent,
  sameDecimals,
} from "../../../src/figures/text/format.ts";

const NBSP = "\u00a0";

describe("formatNumber(value)", () => {
  test.each([
    [0, "0"],
    [-0, "0"],
    [7, "7"],
    [1234567, "1,234,567"],
    [1234.56, "1,235"],
    [12.345, "12.3"],
    [1.2345, "1.23"],
    [0.012345, "0.0123"],
    [-45.678, "−45.7"],
    [-0.0000001, "0.000000"],
  ])("%d is written %s", (value, text) => {
    expect(formatNumber(value)).toBe(text);
  });

  test("takes a fixed number of decimals, and a unit that stays with the number", () => {
    expect(formatNumber(2, { decimals: 2 })).toBe("2.00");
    expect(formatNumber(1234.5, { unit: "s" })).toBe(`1,235${NBSP}s`);
  });
});

test.each([
  [-0.388, `−38.8${NBSP}%`],
  [0.04, `+4.0${NBSP}%`],
  [0, `0.0${NBSP}%`],
  [-0.00001, `0.0${NBSP}%`],
  [1.5, `+150${NBSP}%`],
])("formatChange(%d) is %s", (change, text) => {
  expect(formatChange(change)).toBe(text);
});

test("formatPercent(share) has no sign in front of more", () => {
  expect(formatPercent(0.605)).toBe(`60.5${NBSP}%`);
  expect(formatPercent(2)).toBe(`200${NBSP}%`);
});

test("formatList(words) joins as English does", () => {
  expect([[], ["a"], ["a", "b"], ["a", "b", "c"]].map(formatList))
    .toEqual(["", "a", "a and b", "a, b and c"]);
});

test("sameDecimals(values) writes all as finely as the finest", () => {
  expect([1, 0.9, 0.25].map(sameDecimals([1, 0.9, 0.25]))).toEqual(["1.00", "0.90", "0.25"]);
  expect([1, 2].map(sameDecimals([1, 2]))).toEqual(["1", "2"]);
});
