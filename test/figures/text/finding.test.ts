import { describe, expect, test } from "vitest";
import {
  type Change,
  describeChanges,
  differenceFrom,
  directionBetween,
  directionOf,
  meanDifference,
  meanOf,
  relativeChange,
} from "../../../src/figures/text/finding.ts";

const estimate = (value: number, margin: number) => ({
  value,
  low: value - margin,
  high: value + margin,
});

test("directionOf(interval) is open where the interval holds 0", () => {
  expect(directionOf({ low: -2, high: -1 })).toBe(-1);
  expect(directionOf({ low: 1, high: 2 })).toBe(1);
  expect(directionOf({ low: -1, high: 2 })).toBe(0);
  expect(directionOf({ low: -1, high: 0 })).toBe(0);
});

test("directionOf is not known without bounds: one seed claims nothing", () => {
  expect(directionOf({ low: null, high: null })).toBeNull();
  expect(directionOf({ low: null, high: -1 })).toBeNull();
});

const difference = (value: number, margin: number) => ({
  difference: value,
  differenceLow: value - margin,
  differenceHigh: value + margin,
});
const none = { difference: null, differenceLow: null, differenceHigh: null };

test("directionBetween(from, to, difference) goes by the paired difference alone", () => {
  const [low, high] = [estimate(94, 50), estimate(100, 50)];
  expect(directionBetween(high, low, difference(-6, 5))).toBe(-1);
  expect(directionBetween(high, low, difference(-6, 7))).toBe(0);
  expect(directionBetween(low, high, difference(6, 5))).toBe(1);
});

test("intervals of two means that nothing pairs say nothing of their difference", () => {
  expect(directionBetween(estimate(100, 1), estimate(50, 1), none)).toBeNull();
  const alone = (value: number) => ({ value, low: null, high: null });
  expect(directionBetween(alone(100), alone(50), none)).toBe(-1);
  expect(directionBetween(alone(100), alone(100), none)).toBe(0);
});

test("a difference without an interval, as of one seed, says nothing", () => {
  const one = { difference: -50, differenceLow: null, differenceHigh: null };
  const alone = (value: number) => ({ value, low: null, high: null });
  expect(directionBetween(alone(100), alone(50), one)).toBeNull();
});

test("a row's difference counts only from the baseline that it names", () => {
  const row = { baseline: "fifo", ...difference(1, 2) };
  expect(differenceFrom("fifo", row)).toBe(row);
  expect(differenceFrom("sjf", row)).toEqual(none);
  expect(differenceFrom("sjf", { ...row, baseline: null }).difference).toBe(1);
});

test("meanDifference averages the margins: differences may have all in common", () => {
  expect(meanDifference([difference(8, 1), difference(12, 3)])).toEqual(difference(10, 2));
  expect(meanDifference([difference(8, 1), none])).toEqual(none);
  expect(meanDifference([])).toEqual(none);
});

test("meanOf(estimates) has no bounds where none of them has", () => {
  const plain = [8, 12].map((value) => ({ value, low: null, high: null }));
  expect(meanOf(plain)).toEqual({ value: 10, low: null, high: null });
  expect(meanOf([estimate(8, 2), estimate(12, 4)])).toEqual({ value: 10, low: 7, high: 13 });
});

test("relativeChange(from, to) of nothing to nothing is none", () => {
  expect(relativeChange(0, 0)).toBe(0);
  expect(relativeChange(100, 40)).toBeCloseTo(-0.6);
});

describe("describeChanges(changes, wording)", () => {
  const wording = { subject: "Calibration", object: "the error" };
  const change = (where: string, direction: -1 | 0 | 1, by = 0.5): Change => ({
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

  test("claims nothing where a direction is not known", () => {
    expect(say(change("words", -1), { ...change("tokens", -1), direction: null })).toBe(
      "Calibration and the error",
    );
  });
});
