import { expect, test } from "vitest";
import { effectAgainstBaseline } from "../../src/analysis/effect-against-baseline.ts";
import { PAPER_EFFECTS } from "../../src/paper/stated-effects.ts";
import { bootstrapMean, replicateInterval } from "../../src/statistics/bootstrap.ts";
import { type SmallCell, smallGrid } from "./small-grid.ts";

const cell = (policy: string, p50: number[], p99 = p50, calibration = "ema"): SmallCell => ({
  policy,
  calibration,
  values: { "e2e.p50": p50, "e2e.p99": p99 },
});
const OPTIONS = { counting: "split", metrics: ["p50", "p99"] } as const;

test("an effect is the mean over seeds of each seed's own ratio, less one", () => {
  const grid = smallGrid([
    cell("sjf", [5, 10, 20], [30, 20, 90]),
    cell("fifo", [10, 20, 40], [10, 20, 30]),
    cell("fifo", [1, 1, 1], [1, 1, 1], "none"),
    cell("sjf", [9, 9, 9], [9, 9, 9], "none"),
  ]);
  const [p50, p99] = effectAgainstBaseline(grid, OPTIONS).objects() as Record<string, unknown>[];
  expect(p50).toEqual({
    ...{ policy: "sjf", metric: "p50", effect: -0.5, low: -0.5, high: -0.5 },
    ...{ n: 3, paper: null, baseline: "fifo" },
  });
  // Ratios 3, 1, 3: not the ratio of the means.
  const { effect, low, high } = bootstrapMean([2, 0, 2]);
  expect(p99).toMatchObject({ metric: "p99", effect, low, high });
  expect(effect).toBeCloseTo(4 / 3, 12);
});

test("the baseline is the first of the registry, whatever the table begins with, or the one named", () => {
  const grid = smallGrid([cell("mine", [4]), cell("sjf", [2]), cell("weighted", [1])]);
  const effects = (options: object) =>
    (effectAgainstBaseline(grid, { ...OPTIONS, metrics: ["p50"], ...options }).objects() as {
      policy: string;
      effect: number;
    }[]).map(({ policy, effect }) => [policy, effect]);
  expect(effects({})).toEqual([["mine", 3], ["sjf", 1]]);
  expect(effects({ baseline: "mine" })).toEqual([["sjf", -0.5], ["weighted", -0.75]]);
  expect(() => effects({ baseline: "misspelt" })).toThrow("No cell policy=misspelt");
});

test("what a paper states is shown where the caller says it, and nowhere else", () => {
  const grid = smallGrid([cell("fifo", [1]), cell("sjf", [1]), cell("priority", [1])]);
  const paper = (options: object) =>
    effectAgainstBaseline(grid, { ...OPTIONS, ...options }).array("paper");
  expect(paper({})).toEqual([null, null, null, null]);
  expect(paper({ stated: PAPER_EFFECTS })).toEqual([-0.42, -0.16, null, null]);
  expect(paper({ stated: [{ policy: "priority", metric: "p99", effect: 0.1 }] }))
    .toEqual([null, null, null, 0.1]);
});

test("the interval is the grid's; seeds in which nobody came are left out", () => {
  const values = Array.from({ length: 100 }, (_, i) => 100 + i);
  const grid = smallGrid([cell("fifo", values.map(() => 100)), cell("sjf", values)], {
    interval: replicateInterval,
  });
  // Central 95 % of 0 … 0.99, linear between order statistics.
  const [row] = effectAgainstBaseline(grid, OPTIONS).objects() as Record<string, number>[];
  expect(row.low).toBeCloseTo(0.99 * 0.025, 12);
  expect(row.high).toBeCloseTo(0.99 * 0.975, 12);
  const some = smallGrid([cell("fifo", [NaN, 10]), cell("sjf", [3, 5])]);
  expect(effectAgainstBaseline(some, OPTIONS).object()).toMatchObject({ effect: -0.5, n: 1 });
  const none = smallGrid([cell("fifo", [NaN, 10]), cell("sjf", [3, NaN])]);
  expect(effectAgainstBaseline(none, OPTIONS).numRows()).toBe(0);
});
