import { describe, expect, test } from "vitest";
import {
  type Change,
  describeChanges,
  directionBetween,
  directionOf,
  meanOf,
  relativeChange,
} from "../../../src/figures/text/finding.ts";

const estimate = (value: number, margin: number) => ({
  value,
  low: value - margin,
  high: value + margin,
});

test("directionOf(interval) is open where the interval holds 0", () => {
  expect(directionOf({ low: -2, high: -1 }, -1.5)).toBe(-1);
  expect(directionOf({ low: 1, high: 2 }, 1.5)).toBe(1);
  expect(directionOf({ low: -1, high: 2 }, 0.5)).toBe(0);
  expect(directionOf({ low: -1, high: 0 }, -0.5)).toBe(0);
});

test("directionOf without bounds goes by the number itself", () => {
  expect(directionOf({ low: null, high: null }, -0.1)).toBe(-1);
  expect(directionOf({ low: null, high: null }, 0)).toBe(0);
});

test("directionBetween(from, to) asks whether the interval of the difference holds 0", () => {
  // Margins 3 and 4 make 5 (MOVER).
  expect(directionBetween(estimate(100, 3), estimate(94, 4))).toBe(-1);
  expect(directionBetween(estimate(100, 3), estimate(96, 4))).toBe(0);
  expect(directionBetween(estimate(100, 3), estimate(106, 4))).toBe(1);
});

test("meanOf(estimates) averages margins of paired ones, and lets those of independent ones cancel", () => {
  const four = [8, 12, 10, 10].map((value) => estimate(value, 2));
  expect(meanOf(four, { estimates: "paired" })).toEqual({ value: 10, low: 8, high: 12 });
  expect(meanOf(four, { estimates: "independent" })).toEqual({ value: 10, low: 9, high: 11 });
});

test("relativeChange(from, to) of nothing to nothing is none", () => {
  expect(relativeChange(0, 0)).toBe(0);
  expect(relativeChange(100, 40)).toBeCloseTo(-0.6);
});

describe("describeChanges(changes, wording)", () => {
  const wording = { subject: "Calibration", object: "the error" };
  const change = (where: string, direction: Change["direction"], by = 0.5): Change => ({
    where,
    direction,
    change: direction * by,
  });
  const say = (...changes: Change[]) => describeChanges(changes, wording).replaceAll("\u00a0", " ");

  test.each([
    [[change("words", -1)], "Calibration lowers the error by 50.0 %"],
    [[change("words", 1)], "Calibration raises the error by 50.0 %"],
    [[change("words", 0)], "Calibration makes no clear difference to the error"],
    [
      [change("words", -1, 0.6), change("tokens", -1, 0.1)],
      "Calibration lowers the error by 60.0 % (words) and 10.0 % (tokens)",
    ],
    [
      [change("words", -1), change("tokens", 1, 0.2)],
      "Calibration lowers the error by 50.0 % (words) and raises it by 20.0 % (tokens)",
    ],
    [
      [change("words", -1), change("tokens", 0)],
      "Calibration lowers the error by 50.0 % (words) and makes no clear difference (tokens)",
    ],
    [
      [change("words", 0), change("tokens", 0)],
      "Calibration makes no clear difference to the error",
    ],
  ])("turns with the data (%#)", (changes, sentence) => {
    expect(say(...changes)).toBe(sentence);
  });
});
