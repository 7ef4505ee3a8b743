import fc from "fast-check";
import { expect, test } from "vitest";
import { mean, quantileSorted } from "../../src/statistics/quantile.ts";

test.each([
  // numpy.percentile and R's quantile(type = 7), from their documentation and by hand.
  [[1, 2, 3, 4], 0.25, 1.75],
  [[1, 2, 3, 4], 0.5, 2.5],
  [[1, 2, 3, 4], 0.4, 2.2],
  [[1, 2, 5, 10, 20], 0.9, 16],
  [[1, 2, 5, 10, 20], 0.99, 19.6],
  [[15, 20, 35, 40, 50], 0.4, 29],
  [[7], 0.3, 7],
  [[1, 2, 3], 0, 1],
  [[1, 2, 3], 1, 3],
])("the quantile of %j at %d is %d", (sorted, p, expected) => {
  expect(quantileSorted(sorted, p)).toBeCloseTo(expected, 12);
});

test("no numbers have no quantile and no mean", () => {
  expect(quantileSorted([], 0.5)).toBeNaN();
  expect(mean([])).toBeNaN();
  expect(mean(new Float64Array())).toBeNaN();
});

test("quantiles rise with p, stay within the numbers, and are them where p hits one", () => {
  const number = fc.integer({ min: -1000, max: 1000 });
  fc.assert(
    fc.property(fc.array(number, { minLength: 1, maxLength: 60 }), (values) => {
      const sorted = Float64Array.from(values).sort();
      let last = sorted[0];
      for (let i = 0; i <= 40; i++) {
        const q = quantileSorted(sorted, i / 40);
        expect(q).toBeGreaterThanOrEqual(last);
        last = q;
      }
      expect(last).toBe(sorted.at(-1));
      const k = values.length - 1;
      for (let i = 0; i <= k && k > 0; i++) {
        expect(quantileSorted(sorted, i / k)).toBeCloseTo(sorted[i], 9);
      }
    }),
    { numRuns: 100 },
  );
});

test("the mean is the sum over the count", () => {
  expect(mean([1, 2, 6])).toBe(3);
  expect(mean([1, NaN])).toBeNaN();
});
