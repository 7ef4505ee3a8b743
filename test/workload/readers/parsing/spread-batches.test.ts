import fc from "fast-check";
import { expect, test } from "vitest";
import {
  batchMilliseconds,
  spreadBatches,
} from "../../../../src/workload/readers/parsing/spread-batches.ts";

test("batches are found although the log wobbles by a millisecond, and skips some", () => {
  const times = [0, 0, 3000, 5999, 5999, 9000, 12_001, 18_000, 18_000];
  expect(batchMilliseconds(Float64Array.from(times))).toBeCloseTo(3000, -1);
  expect(batchMilliseconds(Float64Array.of(0, 0, 450, 900, 900))).toBe(0);
  expect(batchMilliseconds(Float64Array.of(0, 3000, 6000, 9000))).toBe(0);
  expect(batchMilliseconds(Float64Array.of(0, 0, 1310, 4123, 6801, 9999))).toBe(0);
});

test("spreading keeps every request in its batch and the order of the file", () => {
  const batches = fc.array(fc.nat(20), { minLength: 1, maxLength: 60 });
  fc.assert(fc.property(batches, (numbers) => {
    const times = Float64Array.from(numbers, (n) => 3000 * n + n % 2);
    const spread = spreadBatches(times, 3000);
    times.forEach((time, i) => {
      expect(spread[i]).toBeGreaterThanOrEqual(time);
      expect(spread[i]).toBeLessThan(time + 3000);
      const before = times.findLastIndex((other, j) => j < i && other === time);
      if (before >= 0) expect(spread[i]).toBeGreaterThan(spread[before]);
    });
    expect(new Set(spread).size).toBe(times.length);
  }));
});
