import { expect, test } from "vitest";
import { errorPerScheduler } from "../../src/analysis/error-per-scheduler.ts";
import { type SmallCell, smallGrid } from "./small-grid.ts";

const cell = (policy: string, calibration: string, mae: number[]): SmallCell => ({
  policy,
  calibration,
  values: { mae },
});

test("off and on beside each other, and their difference seed by seed", () => {
  const grid = smallGrid([
    cell("fifo", "none", [100, 200, 600]),
    cell("fifo", "ema", [90, 190, 590]),
    cell("sjf", "none", [50, 60, 70]),
    cell("sjf", "ema", [55, 65, 75]),
  ]);
  expect(
    (errorPerScheduler(grid).objects() as Record<string, unknown>[]).map((row) => [
      ...[row.policy, row.calibration, row.mae, row.n, row.baseline],
      ...[row.difference, row.differenceLow, row.differenceHigh],
    ]),
  ).toEqual([
    ["fifo", "none", 300, 3, "none", NaN, NaN, NaN],
    ["fifo", "ema", 290, 3, "none", -10, -10, -10],
    ["sjf", "none", 60, 3, "none", NaN, NaN, NaN],
    ["sjf", "ema", 65, 3, "none", 5, 5, 5],
  ]);
});

test("a seed that reported no length is left out, and the number of seeds says so", () => {
  const grid = smallGrid([cell("fifo", "none", [10, NaN, 30]), cell("fifo", "ema", [5, 7, NaN])]);
  expect(errorPerScheduler(grid).objects()).toMatchObject([
    { calibration: "none", mae: 20, n: 2 },
    { calibration: "ema", mae: 6, n: 2, difference: -5 },
  ]);
});

test("a cell in which no seed reported a length has no row", () => {
  const grid = smallGrid([cell("fifo", "none", [NaN, NaN]), cell("fifo", "ema", [5, 7])]);
  expect(errorPerScheduler(grid).objects()).toMatchObject([{ calibration: "ema", mae: 6 }]);
});

test("levels are the grid's or those asked for; calibrators may be of any name", () => {
  const grid = smallGrid(["plain", "median", "mode"].map((name, i) => cell("fifo", name, [i])));
  const shown = (calibrations?: string[]) =>
    (errorPerScheduler(grid, calibrations).objects() as Record<string, unknown>[])
      .map(({ calibration, baseline, difference }) => [calibration, baseline, difference]);
  expect(shown()).toEqual([
    ["plain", "plain", NaN],
    ["median", "plain", 1],
    ["mode", "plain", 2],
  ]);
  // One level alone has nothing to be compared with.
  expect(shown(["mode"])).toEqual([["mode", "", NaN]]);
});
