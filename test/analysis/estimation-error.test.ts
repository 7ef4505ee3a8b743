import { expect, test } from "vitest";
import { estimationError } from "../../src/analysis/estimation-error.ts";
import { smallRun } from "./small-run.ts";

const run = smallRun({
  estimatedOutput: Float64Array.of(100, 50, 80, 10, 7, 999),
  actualOutput: Int32Array.of(80, 100, 80, 0, 8, -1),
});

test("by hand: errors of 20, −50, 0 and 10 over actual lengths of 80, 100, 80 and 0", () => {
  const error = estimationError(run, Int32Array.of(0, 1, 2, 3));
  expect(error.n).toBe(4);
  expect(error.mae).toBe(80 / 4);
  expect(error.rmse).toBe(Math.sqrt((400 + 2500 + 100) / 4));
  expect(error.bias).toBe(-20 / 4);
  // An answer of length 0 has no percentage.
  expect(error.mape).toBeCloseTo((0.25 + 0.5 + 0) / 3, 12);
  expect(error.relativeMae).toBe(80 / 260);
});

test("rows that never reported a length are left out", () => {
  expect(estimationError(run, Int32Array.of(4, 5)))
    .toEqual(estimationError(run, Int32Array.of(4)));
  expect(estimationError(run, Int32Array.of(4, 5)).n).toBe(1);
});

test("of no rows nothing is known", () => {
  const nothing = { n: 0, mae: NaN, rmse: NaN, bias: NaN, mape: NaN, relativeMae: NaN };
  expect(estimationError(run, Int32Array.of())).toEqual(nothing);
  expect(estimationError(run, Int32Array.of(5))).toEqual(nothing);
  const zero = estimationError(run, Int32Array.of(3));
  expect([zero.n, zero.mae, zero.mape]).toEqual([1, 10, NaN]);
});

test("RMSE is never below MAE, and MAE never below the bias", () => {
  const { mae, rmse, bias } = estimationError(run, Int32Array.of(0, 1, 2, 3, 4));
  expect(rmse).toBeGreaterThanOrEqual(mae);
  expect(mae).toBeGreaterThanOrEqual(Math.abs(bias));
});
