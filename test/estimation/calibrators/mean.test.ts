import { expect, test } from "vitest";
import { createCalibrator } from "../../../src/estimation/calibrators/registry.ts";
import { mean } from "../../../src/statistics/quantile.ts";

test("the running mean is that of the clamped ratios and of the start's ones", () => {
  const calibrator = createCalibrator("mean", 2, { startWeight: 3 });
  const ratios = [0.5, 2, 0.1, 7, 1.25, 0.75];
  const seen = [1, 1, 1];
  for (const ratio of ratios) {
    const used = Math.min(3, Math.max(0.25, ratio));
    expect(calibrator.learn(1, ratio, 0)).toBe(used);
    seen.push(used);
    expect(calibrator.factor(1)).toBeCloseTo(mean(seen), 14);
  }
  expect(calibrator.factor(0)).toBe(1);
});

test("the running mean refuses bounds that leave no ratio", () => {
  expect(() => createCalibrator("mean", 1, { ratioMin: 2, ratioMax: 1 })).toThrow(
    "options of calibrator mean, field ratioMax: got 1, expected a number >= ratioMin",
  );
});
