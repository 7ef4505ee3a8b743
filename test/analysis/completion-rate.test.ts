import { expect, test } from "vitest";
import { completionRate } from "../../src/analysis/completion-rate.ts";
import { smallRun } from "./small-run.ts";

const rows = Int32Array.of(0, 1, 2, 3, 4, 5);

test("requests a second in the middle of a run", () => {
  const finish = Float64Array.of(10, 10.5, 11, 11.5, 12, 12.5);
  expect(completionRate(smallRun({ finish }), rows)).toBeCloseTo(2, 12);
});

test("a last request that drains for long does not make a full server slower", () => {
  const run = (last: number) => smallRun({ finish: Float64Array.of(1, 2, 3, 4, 5, last) });
  const all = 6 / 20;
  expect(completionRate(run(20), rows)).toBeGreaterThan(1.2 * all);
});

test("of two requests there is no rate", () => {
  expect(completionRate(smallRun(), rows.subarray(0, 2))).toBeNaN();
});

test("requests that never finished do not count, nor do they make the rate NaN", () => {
  const finish = Float64Array.of(10, NaN, 11, 12, NaN, 13);
  const known = smallRun({ finish: Float64Array.of(10, 11, 12, 13, 0, 0) });
  expect(completionRate(smallRun({ finish }), rows))
    .toBe(completionRate(known, rows.subarray(0, 4)));
  const two = Float64Array.of(1, NaN, NaN, NaN, NaN, 2);
  expect(completionRate(smallRun({ finish: two }), rows)).toBeNaN();
});
