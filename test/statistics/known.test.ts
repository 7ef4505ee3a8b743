import fc from "fast-check";
import { expect, test } from "vitest";
import { rankCorrelation } from "../../src/statistics/correlation.ts";
import { ksDistance, ksDistanceTo } from "../../src/statistics/kolmogorov-smirnov.ts";
import { greatest, known } from "../../src/statistics/known.ts";
import { quantile } from "../../src/statistics/quantile.ts";

const numbers = fc.array(fc.oneof(fc.integer({ min: -9, max: 9 }), fc.constant(NaN)));

test("what is known keeps its order and is an array of its own", () => {
  const values = Float64Array.of(3, NaN, 1, NaN);
  const found = known(values);
  expect([...found]).toEqual([3, 1]);
  found.sort();
  expect([...values]).toEqual([3, NaN, 1, NaN]);
  expect(known([NaN]).length).toBe(0);
});

test("the greatest is that of the numbers, wherever NaN stands", () => {
  fc.assert(fc.property(numbers, (values) => {
    const sure = values.filter((value) => !Number.isNaN(value));
    expect(greatest(values)).toBe(sure.length === 0 ? NaN : Math.max(...sure));
  }));
});

test("NaN changes no quantile and no distance of distributions", () => {
  fc.assert(fc.property(numbers, numbers, (a, b) => {
    const [x, y] = [a, b].map((values) => values.filter((value) => !Number.isNaN(value)));
    expect(quantile(a, 0.3)).toBe(quantile(x, 0.3));
    expect(ksDistance(a, b)).toBe(ksDistance(x, y));
    const uniform = (at: number) => (at + 10) / 20;
    expect(ksDistanceTo(a, uniform)).toBe(ksDistanceTo(x, uniform));
  }));
});

test("ranks of what is not known correlate with nothing", () => {
  expect(rankCorrelation([1, 2, NaN], [1, 2, 3])).toBeNaN();
  expect(rankCorrelation([1, 2, 9], [1, 2, 3])).toBe(1);
});
