import { expect, test } from "vitest";
import type { LabelledRun } from "../../src/analysis/labelled-run.ts";
import { knownInterval, pairedByLabel, pairedDifference } from "../../src/analysis/paired.ts";
import { bootstrapMean, replicateInterval } from "../../src/statistics/bootstrap.ts";
import { smallRun } from "./small-run.ts";

test("a difference that is the same for every seed leaves no doubt, however far seeds are apart", () => {
  const base = [100, 500, 900];
  expect(pairedDifference(bootstrapMean, base.map((value) => value + 3), base))
    .toEqual({ difference: 3, differenceLow: 3, differenceHigh: 3 });
});

test("the interval is that of the differences, by the method given", () => {
  const [ours, base] = [[3, 9, 4, 11], [1, 2, 3, 4]];
  const differences = [2, 7, 1, 7];
  for (const interval of [bootstrapMean, replicateInterval]) {
    const { effect, low, high } = interval(differences);
    expect(pairedDifference(interval, ours, base))
      .toEqual({ difference: effect, differenceLow: low, differenceHigh: high });
  }
});

test("seeds where one side is not known are left out; without any there is no difference", () => {
  expect(pairedDifference(bootstrapMean, [1, NaN, 5, 7], [0, 0, NaN, 6]))
    .toEqual({ difference: 1, differenceLow: 1, differenceHigh: 1 });
  expect(pairedDifference(bootstrapMean, [NaN], [1]))
    .toEqual({ difference: NaN, differenceLow: NaN, differenceHigh: NaN });
  expect(knownInterval(bootstrapMean, [2, NaN, 2])).toEqual({ effect: 2, low: 2, high: 2, n: 2 });
});

test("runs pair up by label, in whatever order, and only those that both sides have", () => {
  const runs = (policy: string, seeds: number[]): LabelledRun[] =>
    seeds.map((seed) => ({ run: smallRun(), policy, calibration: "a", counting: "b", seed }));
  expect(
    pairedByLabel(
      [runs("sjf", [3, 1, 2]), [30, 10, 20]],
      [runs("fifo", [1, 3, 4]), [100, 300, 400]],
      ({ seed }) => String(seed),
    ).map((side) => [...side]),
  ).toEqual([[30, 10], [300, 100]]);
});
