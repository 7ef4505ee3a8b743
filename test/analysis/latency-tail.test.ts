import { expect, test } from "vitest";
import type { LabelledRun } from "../../src/analysis/labelled-run.ts";
import { latencyTail } from "../../src/analysis/latency-tail.ts";
import { smallRun } from "./small-run.ts";

/** A run whose requests take these seconds; NaN: never finished. */
function runOf(policy: string, seed: number, seconds: readonly number[]): LabelledRun {
  const run = smallRun({ arrival: new Float64Array(6), finish: Float64Array.from(seconds) });
  return { run, policy, calibration: "ema", counting: "split", seed };
}
const group = () => ({ name: "all", scope: {}, rows: Int32Array.of(0, 1, 2, 3, 4, 5) });
/** Shares 1, 0.1 and 0.01. */
const OPTIONS = { group, points: 3, leastShare: 0.01 };

interface Row {
  readonly policy: string;
  readonly share: number;
  readonly seconds: number;
  readonly lowest: string;
  readonly difference: number;
  readonly differenceLow: number;
  readonly differenceHigh: number;
}
const tailOf = (runs: readonly LabelledRun[]) => latencyTail(runs, OPTIONS).objects() as Row[];

test("the latency that a share exceeds is each run's own quantile, averaged over seeds", () => {
  const rows = tailOf([
    runOf("fifo", 1, [6, 5, 4, 3, 2, 1]),
    runOf("fifo", 2, [16, 15, 14, 13, 12, 11]),
  ]);
  expect(rows.map(({ share }) => share)).toEqual([1, expect.closeTo(0.1), expect.closeTo(0.01)]);
  // Of 1 … 6 and of 11 … 16: the least, 1 + 5 × 0.9, 1 + 5 × 0.99, and 10 more.
  const expected = [6, 10.5, 10.95];
  rows.forEach(({ seconds }, i) => expect(seconds).toBeCloseTo(expected[i], 9));
});

test("how far a policy is above the lowest is taken seed by seed, whatever the order of runs", () => {
  const base = [1, 2, 3, 4, 5, 6];
  const plus = (more: number) => base.map((value) => value + more);
  const rows = tailOf([
    runOf("fifo", 1, plus(103)),
    runOf("fifo", 2, plus(3)),
    runOf("sjf", 2, base),
    runOf("sjf", 1, plus(100)),
  ]);
  for (const { policy, lowest, difference, differenceLow, differenceHigh } of rows) {
    expect(lowest).toBe("sjf");
    for (const value of [difference, differenceLow, differenceHigh]) {
      expect(value).toBeCloseTo(policy === "sjf" ? 0 : 3, 9);
    }
  }
});

test("the lowest may be another at another share", () => {
  const rows = tailOf([runOf("fifo", 1, [3, 3, 3, 3, 3, 4]), runOf("sjf", 1, [1, 1, 1, 1, 1, 9])]);
  expect(rows.slice(0, 3).map(({ lowest }) => lowest)).toEqual(["sjf", "fifo", "fifo"]);
});

test("who never finished is left out, and so is a policy of whom nobody did", () => {
  const nobody = new Array(6).fill(NaN);
  const rows = tailOf([
    runOf("fifo", 1, [NaN, 5, NaN, 7, NaN, NaN]),
    runOf("fifo", 2, nobody),
    runOf("sjf", 1, nobody),
  ]);
  expect(rows.map(({ policy }) => policy)).toEqual(["fifo", "fifo", "fifo"]);
  expect(rows[0].seconds).toBe(5);
  expect(rows[1].seconds).toBeCloseTo(6.8, 9);
});
