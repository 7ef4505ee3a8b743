import { expect, test } from "vitest";
import { waitByTier } from "../../src/analysis/wait-by-tier.ts";
import { type SmallCell, smallGrid } from "./small-grid.ts";

/** Waits of one tier, 0, 1 and 2 s longer at the three statistics. */
function cell(policy: string, seconds: readonly number[], more: Partial<SmallCell> = {}) {
  return {
    policy,
    values: Object.fromEntries(["p50", "p99", "max"].map((statistic, i) => [
      `wait.${statistic}[phase=stress,tier=batch]`,
      seconds.map((value) => value + i),
    ])),
    ...more,
  };
}

const OPTIONS = { counting: "split", period: "stress", tiers: ["batch"] };

test("each wait is the mean over seeds; its difference from the baseline is taken seed by seed", () => {
  const grid = smallGrid([
    cell("sjf", [110, 210, 610]),
    cell("fifo", [100, 200, 600]),
    cell("fifo", [1, 1, 1], { calibration: "none" }),
  ]);
  const rows = waitByTier(grid, OPTIONS).objects() as Record<string, unknown>[];
  expect(rows.map(({ policy, tier, statistic, seconds }) => [policy, tier, statistic, seconds]))
    .toEqual([
      ["sjf", "batch", "p50", 310],
      ["sjf", "batch", "p99", 311],
      ["sjf", "batch", "max", 312],
      ["fifo", "batch", "p50", 300],
      ["fifo", "batch", "p99", 301],
      ["fifo", "batch", "max", 302],
    ]);
  // The seeds are far apart, the differences are not.
  expect(Number(rows[0].low)).toBeLessThan(200);
  const sjf = { baseline: "fifo", difference: 10, differenceLow: 10, differenceHigh: 10 };
  for (const row of rows.slice(0, 3)) expect(row).toMatchObject(sjf);
  for (const row of rows.slice(3)) expect(row).toMatchObject({ baseline: "fifo", difference: NaN });
});

test("a seed in which nobody of the tier came is left out, on its own side and of the pairs", () => {
  const grid = smallGrid([
    cell("fifo", [100, 200, NaN, 300]),
    cell("sjf", [NaN, 150, 160, 250]),
  ]);
  const [fifo, , , sjf] = waitByTier(grid, OPTIONS).objects() as Record<string, unknown>[];
  expect(fifo).toMatchObject({ policy: "fifo", seconds: 200 });
  expect(sjf).toMatchObject({
    ...{ policy: "sjf", seconds: expect.closeTo(560 / 3, 9) },
    ...{ difference: -50, differenceLow: -50 },
  });
});

test("a tier in which nobody came at all has no row", () => {
  const grid = smallGrid([cell("fifo", [NaN, NaN]), cell("sjf", [NaN, 5])]);
  expect(waitByTier(grid, OPTIONS).objects()).toMatchObject(
    [5, 6, 7].map((seconds) => ({ policy: "sjf", seconds, difference: NaN })),
  );
});

test("without a period it is the whole run's; baseline and calibration may be named", () => {
  const whole = (policy: string, calibration: string, seconds: number) => ({
    policy,
    calibration,
    values: {
      "wait.p50[tier=batch]": [seconds],
      "wait.p99[tier=batch]": [seconds],
      "wait.max[tier=batch]": [seconds],
    },
  });
  const grid = smallGrid([
    whole("fifo", "none", 1),
    whole("mine", "none", 3),
    whole("fifo", "ema", 10),
    whole("mine", "ema", 40),
  ]);
  const found = (options: object) =>
    (waitByTier(grid, { counting: "split", tiers: ["batch"], ...options }).objects() as {
      policy: string;
      difference: number;
    }[]).filter(({ difference }) => !Number.isNaN(difference))
      .map(({ policy, difference }) => [policy, difference])[0];
  expect(found({})).toEqual(["mine", 30]);
  expect(found({ calibration: "none" })).toEqual(["mine", 2]);
  expect(found({ baseline: "mine" })).toEqual(["fifo", -30]);
  expect(() => found({ baseline: "misspelt" })).toThrow("No cell policy=misspelt");
});
