import { expect, test } from "vitest";
import { calibrationFactors } from "../../src/analysis/calibration-factors.ts";
import { smallRun } from "./small-run.ts";

/** Two categories; requests 0, 2, 4 are of the first. */
const category = { codes: Uint8Array.of(0, 1, 0, 1, 0, 1), names: ["a", "b"] };
const labels = { policy: "fifo", calibration: "ema", counting: "split" };

test("each category keeps the factor that it learned last, in the order of learning", () => {
  // Learned in the order 3, 0, 2, 5; rows 1 and 4 were never learned from.
  const run = smallRun({
    feedbackPlace: Int32Array.of(1, -1, 2, 0, -1, 3),
    beliefs: { category, factorAfter: Float64Array.of(0.9, NaN, 0.8, 1.5, NaN, 1.4) },
  });
  const rows = calibrationFactors([{ run, ...labels, seed: 1 }], { every: 1 }).objects() as {
    category: string;
    request: number;
    factor: number;
  }[];
  const factors = (category: string) =>
    rows.filter((row) => row.category === category).map(({ request, factor }) => [request, factor]);
  // Nobody more finishes after the fourth.
  expect(factors("a")).toEqual([[0, 1], [1, 1], [2, 0.9], [3, 0.8], [4, 0.8], [5, 0.8], [6, 0.8]]);
  expect(factors("b")).toEqual([[0, 1], [1, 1.5], [2, 1.5], [3, 1.5], [4, 1.4], [5, 1.4], [
    6,
    1.4,
  ]]);
});

test("the mean over seeds, countings apart; nothing learned leaves 1", () => {
  const learned = (factor: number) =>
    smallRun({
      feedbackPlace: Int32Array.of(0, -1, -1, -1, -1, -1),
      beliefs: { category, factorAfter: new Float64Array(6).fill(factor) },
    });
  const nothing = smallRun({ beliefs: { category }, feedbackPlace: new Int32Array(6).fill(-1) });
  const rows = calibrationFactors([
    { run: learned(0.5), ...labels, seed: 1 },
    { run: learned(1.5), ...labels, seed: 2 },
    { run: nothing, ...labels, counting: "tokenizer", seed: 1 },
  ], { every: 6 }).objects() as Record<string, unknown>[];
  expect(rows.map((row) => [row.counting, row.category, row.request, row.factor])).toEqual([
    ["split", "a", 0, 1],
    ["split", "a", 6, 1],
    ["split", "b", 0, 1],
    ["split", "b", 6, 1],
    ["tokenizer", "a", 0, 1],
    ["tokenizer", "a", 6, 1],
    ["tokenizer", "b", 0, 1],
    ["tokenizer", "b", 6, 1],
  ]);
  // Half of two means are 0.5 and 1.5.
  expect([rows[1].low, rows[1].high]).toEqual([0.5, 1.5]);
});
