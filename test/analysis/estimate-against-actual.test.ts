import { expect, test } from "vitest";
import { estimateAgainstActual } from "../../src/analysis/estimate-against-actual.ts";
import { smallRun } from "./small-run.ts";

const columns = {
  estimatedOutput: Float64Array.of(1, 2, 3, 4, 5, 6),
  actualOutput: Int32Array.of(10, 20, 30, 40, 50, 60),
};
const labels = { policy: "fifo", calibration: "mine", counting: "split", seed: 1 };

test("single requests, by the category that the client meant", () => {
  const run = smallRun(columns);
  expect(estimateAgainstActual([{ run, ...labels }], { limit: 3 }).objects()).toEqual([
    { calibration: "mine", category: "short_qa", estimated: 1, actual: 10 },
    { calibration: "mine", category: "summary", estimated: 3, actual: 30 },
    { calibration: "mine", category: "report", estimated: 5, actual: 50 },
  ]);
  expect(estimateAgainstActual([{ run, ...labels }]).numRows()).toBe(6);
});

test("a request that never reported a length is no answer of −1", () => {
  const run = smallRun({ ...columns, actualOutput: Int32Array.of(10, -1, 0, 40, -1, 60) });
  expect(estimateAgainstActual([{ run, ...labels }]).array("actual")).toEqual([10, 0, 40, 60]);
});

test("a request that nobody estimated is no estimate", () => {
  const run = smallRun({ ...columns, estimatedOutput: Float64Array.of(1, NaN, 3, 4, NaN, 6) });
  expect(estimateAgainstActual([{ run, ...labels }]).array("estimated")).toEqual([1, 3, 4, 6]);
});
