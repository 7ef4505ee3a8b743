import { expect, test } from "vitest";
import { errorOverTime } from "../../src/analysis/error-over-time.ts";
import type { LabelledRun } from "../../src/analysis/labelled-run.ts";
import { smallRun } from "./small-run.ts";

/** Six requests that came to 10 tokens each, estimated with these errors; NaN: nothing reported. */
function runOf(seed: number, calibration: string, errors: readonly number[]): LabelledRun {
  const run = smallRun({
    actualOutput: Int32Array.from(errors, (error) => Number.isNaN(error) ? -1 : 10),
    estimatedOutput: Float64Array.from(errors, (error) => 10 + (Number.isNaN(error) ? 99 : error)),
  });
  return { run, policy: "fifo", calibration, counting: "tokenizer", seed };
}

test("bins in order of arrival, mean over seeds, difference from off seed by seed", () => {
  const rows = errorOverTime([
    // Seeds in another order on the other side: they pair by number.
    runOf(2, "ema", [4, -4, 10, 10, 1, 3]),
    runOf(1, "ema", [2, 2, 20, 0, 2, 2]),
    runOf(1, "none", [3, 3, 30, 2, 4, 4]),
    runOf(2, "none", [5, 5, 20, 12, 4, -4]),
  ], { binSize: 2 }).objects() as Record<string, unknown>[];
  expect(
    rows.map((row) => [row.calibration, row.request, row.phase, row.mae, row.difference]),
  ).toEqual([
    ["ema", 1, "calm", 3, -1],
    ["ema", 3, "storm", 10, -6],
    ["ema", 5, "storm", 2, -2],
    ["none", 1, "calm", 4, NaN],
    ["none", 3, "storm", 16, NaN],
    ["none", 5, "storm", 4, NaN],
  ]);
  expect(rows[1]).toMatchObject({ differenceLow: -6, differenceHigh: -6, baseline: "none" });
});

test("who reported no length is left out: a request, a seed's bin, a bin of every seed", () => {
  const rows = errorOverTime([
    runOf(1, "none", [1, NaN, NaN, NaN, NaN, NaN]),
    runOf(2, "none", [3, 5, 6, 8, NaN, NaN]),
  ], { binSize: 2 }).objects();
  expect(rows).toMatchObject([
    { request: 1, mae: 2.5 },
    // Of one seed alone there is no interval.
    { request: 3, mae: 7, low: NaN, high: NaN },
  ]);
});

test("requests that do not fill a bin are left out; without off there is no difference", () => {
  const rows = errorOverTime([runOf(1, "ema", [1, 1, 1, 1, 9, 9])], { binSize: 4 }).objects();
  expect(rows).toMatchObject([{ request: 2, mae: 1, baseline: "", difference: NaN }]);
});
