import { expect, test } from "vitest";
import { CalibrationOptions, EstimateOptions } from "../../src/estimation/options.ts";

test("the defaults of the estimate are the reference's", () => {
  expect(EstimateOptions.parse({})).toEqual({
    counting: "split",
    classifier: "auto",
    baseTokens: { short_qa: 64, summary: 256, technical: 384, report: 512 },
    defaultBaseTokens: 512,
    safetyFactors: { premium: 1.2, standard: 1, batch: 0.8 },
    inputScale: 1000,
    inputFactorMax: 1.5,
  });
});

test("the defaults of the calibration are the reference's", () => {
  expect(CalibrationOptions.parse({})).toEqual({
    calibrator: "ema",
    options: {},
    learnAgainst: "base",
    feedbackOrder: "completion",
  });
});
