import fc from "fast-check";
import { expect, test } from "vitest";
import { bootstrapMean, replicateInterval } from "../../src/statistics/bootstrap.ts";
import { mean } from "../../src/statistics/quantile.ts";
import { normal, substream } from "../../src/random/substream.ts";

test("the same values give the same interval, another seed of resampling another one", () => {
  const values = [0.3, -0.1, 0.25, 0.4, 0.05, 0.2];
  const interval = bootstrapMean(values);
  expect(bootstrapMean(Float64Array.from(values))).toEqual(interval);
  expect(interval.n).toBe(6);
  const other = bootstrapMean(values, { seed: 2 });
  expect(other.effect).toBe(interval.effect);
  expect([other.low, other.high]).not.toEqual([interval.low, interval.high]);
});

test("about 95 % of intervals hold the true mean of normal values, n = 30", () => {
  const experiments = 200, n = 30;
  const random = substream(1, "test/bootstrap");
  let held = 0, width = 0;
  for (let experiment = 0; experiment < experiments; experiment++) {
    const values = Float64Array.from({ length: n }, () => 3 + 2 * normal(random));
    const { low, high } = bootstrapMean(values, { resamples: 1000 });
    if (low <= 3 && 3 <= high) held++;
    width += high - low;
  }
  // Four standard deviations of a binomial share around 0.95.
  expect(Math.abs(held / experiments - 0.95))
    .toBeLessThan(4 * Math.sqrt(0.95 * 0.05 / experiments));
  // As wide as the normal interval of a mean, 2 × 1.96 σ/√n, a percent or three narrower for n = 30.
  const ratio = width / experiments / (2 * 1.96 * 2 / Math.sqrt(n));
  expect(ratio).toBeGreaterThan(0.93);
  expect(ratio).toBeLessThan(1.03);
});

test("the interval holds the mean, and lies within the values", () => {
  const value = fc.integer({ min: -1000, max: 1000 });
  fc.assert(
    fc.property(fc.array(value, { minLength: 2, maxLength: 40 }), (values) => {
      const { effect, low, high } = bootstrapMean(values, { resamples: 400 });
      expect(effect).toBe(mean(values));
      expect(low <= effect && effect <= high).toBe(true);
      expect(low >= Math.min(...values) && high <= Math.max(...values)).toBe(true);
    }),
    { numRuns: 200 },
  );
});

test("constant values leave no doubt", () => {
  expect(bootstrapMean(Array(30).fill(-0.375))).toEqual({
    effect: -0.375,
    low: -0.375,
    high: -0.375,
    n: 30,
  });
});

test("one value has no interval: it says nothing of the next", () => {
  for (const interval of [bootstrapMean, replicateInterval]) {
    expect(interval([0.1])).toEqual({ effect: 0.1, low: NaN, high: NaN, n: 1 });
    expect(interval([])).toEqual({ effect: NaN, low: NaN, high: NaN, n: 0 });
  }
});

test("twice the values give twice the interval: all metrics are resampled alike", () => {
  const random = substream(2, "test/bootstrap");
  const values = Array.from({ length: 30 }, () => normal(random));
  const once = bootstrapMean(values), twice = bootstrapMean(values.map((value) => 2 * value));
  expect(twice).toEqual({ effect: 2 * once.effect, low: 2 * once.low, high: 2 * once.high, n: 30 });
});

test("a wider level gives a wider interval", () => {
  const random = substream(3, "test/bootstrap");
  const values = Array.from({ length: 20 }, () => normal(random));
  const [narrow, wide] = [0.5, 0.99].map((level) => bootstrapMean(values, { level }));
  expect(wide.low).toBeLessThan(narrow.low);
  expect(wide.high).toBeGreaterThan(narrow.high);
});

test("one NaN, or no values at all, makes the whole result NaN", () => {
  const nothing = { effect: NaN, low: NaN, high: NaN };
  expect(bootstrapMean([...Array(29).fill(1), NaN])).toEqual({ ...nothing, n: 30 });
  expect(bootstrapMean([])).toEqual({ ...nothing, n: 0 });
  expect(replicateInterval([...Array(99).fill(1), NaN])).toEqual({ ...nothing, n: 100 });
});

test("the interval of replicates is their own central 95 %, however many there are", () => {
  const values = Array.from({ length: 201 }, (_, i) => 200 - i);
  expect(replicateInterval(values)).toEqual({ effect: 100, low: 5, high: 195, n: 201 });
  expect(values[0]).toBe(200);
});
