import { expect, test } from "vitest";
import { ExponentialHistogram } from "../../../src/estimation/detectors/exponential-histogram.ts";

/** Cuts that a histogram offers: number and sum of the values before each. */
function cutsOf(histogram: ExponentialHistogram): [number, number][] {
  const cuts: [number, number][] = [];
  histogram.someCut((count, total) => {
    cuts.push([count, total]);
    return false;
  });
  return cuts;
}

test.each([1, 2, 5])(
  "with %i buckets of a size, cuts are prefix sums of the stream",
  (maxBuckets) => {
    const histogram = new ExponentialHistogram(maxBuckets);
    const prefix = [0];
    for (let at = 0; at < 500; at++) {
      const value = (at * 7919) % 101;
      histogram.push(value);
      prefix.push(prefix[at] + value);
      expect([histogram.count, histogram.total]).toEqual([at + 1, prefix[at + 1]]);
      const cuts = cutsOf(histogram);
      for (const [count, total] of cuts) expect(total).toBe(prefix[count]);
      const sizes = [...cuts.map(([count]) => count), at + 1]
        .map((count, i, all) => count - (all[i - 1] ?? 0));
      expect(sizes.every((size) => Number.isInteger(Math.log2(size)))).toBe(true);
      expect(sizes).toEqual([...sizes].sort((a, b) => b - a));
      for (const size of sizes) {
        expect(sizes.filter((other) => other === size).length).toBeLessThanOrEqual(maxBuckets);
      }
    }
  },
);

test("the first cut for which the question holds is the last one asked of", () => {
  const histogram = new ExponentialHistogram(5);
  for (let at = 0; at < 5; at++) histogram.push(at);
  const asked: number[] = [];
  expect(histogram.someCut((count) => asked.push(count) === 2)).toBe(true);
  expect(asked).toEqual([1, 2]);
});
