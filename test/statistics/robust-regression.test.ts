import fc from "fast-check";
import { expect, test } from "vitest";
import { median, robustRegression } from "../../src/statistics/robust-regression.ts";

/** Rows (1, x) of a line; every `stall`-th value is eight times as long. */
function line(n: number, at: (x: number) => number, stall = Infinity) {
  const rows = Array.from({ length: n }, (_, x) => Float64Array.of(1, x));
  const values = Float64Array.from(rows, ([, x], i) => at(x) * (i % stall === stall - 1 ? 8 : 1));
  return { rows, values };
}

test("coefficients of an exact model come back, whatever they are", () => {
  fc.assert(
    fc.property(
      fc.double({ min: 1e-6, max: 1, noNaN: true }),
      fc.double({ min: 1e-9, max: 1e-2, noNaN: true }),
      (fixed, slope) => {
        const { rows, values } = line(60, (x) => fixed + slope * x);
        const [a, b] = robustRegression(rows, values);
        expect(a / fixed).toBeCloseTo(1, 4);
        expect(b / slope).toBeCloseTo(1, 2);
      },
    ),
    { numRuns: 50 },
  );
});

test("a tenth of the values stalled eightfold moves the line by little, least squares by much", () => {
  const { rows, values } = line(500, (x) => 0.01 + 1e-4 * x * (1 + 0.05 * Math.sin(7 * x)), 10);
  const [, robust] = robustRegression(rows, values);
  const [, plain] = robustRegression(rows, values, { threshold: 1e9 });
  expect(Math.abs(robust / 1e-4 - 1)).toBeLessThan(0.03);
  expect(plain / 1e-4 - 1).toBeGreaterThan(0.3);
});

test("what would cost less than nothing costs nothing, and the rest is fitted without it", () => {
  const rows = Array.from({ length: 50 }, (_, x) => Float64Array.of(1, x));
  const [fixed, slope] = robustRegression(rows, Float64Array.from(rows, ([, x]) => 10 - 0.1 * x));
  expect(slope).toBe(0);
  expect(fixed).toBeGreaterThan(6);
  expect(fixed).toBeLessThan(9);
});

test("terms that the data don't tell apart or never show get 0 instead of noise", () => {
  const rows = Array.from({ length: 20 }, (_, x) => Float64Array.of(1 + x, 2 + 2 * x, 0));
  const found = robustRegression(rows, Float64Array.from(rows, ([x]) => 3 * x));
  expect(Array.from(found).map((value) => Number(value.toFixed(6)))).toEqual([3, 0, 0]);
});

test("the median of an even number lies between the middle two", () => {
  expect(median([4, 1, 3, 2])).toBe(2.5);
  expect(median([3, 1, 2])).toBe(2);
  expect(median([])).toBeNaN();
});
