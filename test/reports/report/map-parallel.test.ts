import { expect, test } from "vitest";
import { mapParallel } from "../../../src/reports/report/map-parallel.ts";

test("mapParallel() keeps the order and never runs more than its limit at once", async () => {
  let running = 0;
  let most = 0;
  const results = await mapParallel([30, 5, 20, 1, 10], 2, async (milliseconds) => {
    most = Math.max(most, ++running);
    await new Promise((resolve) => setTimeout(resolve, milliseconds));
    running--;
    return milliseconds;
  });
  expect(results).toEqual([30, 5, 20, 1, 10]);
  expect(most).toBe(2);
});

test("mapParallel() of nothing is nothing, and a failure rejects", async () => {
  expect(await mapParallel([], 2, () => Promise.resolve(1))).toEqual([]);
  await expect(mapParallel([1], 2, () => Promise.reject(new Error("no")))).rejects.toThrow("no");
});
