import { expect, test } from "vitest";
import { CalibratedOptions } from "../../../src/estimation/estimators/calibrated-options.ts";
import { FeedbackOrder, parseSchedulerOptions } from "../../../src/gateway/options.ts";
import { PAPER_ESTIMATE } from "../../../src/paper/estimate.ts";
import { paperScheduler } from "../../../src/paper/scheduler.ts";

test("the paper's estimate is the reference's, and so is its calibration", () => {
  const { keywords: _, ...options } = CalibratedOptions.parse(PAPER_ESTIMATE);
  expect(options).toEqual({
    counting: "split",
    classifier: "auto",
    baseTokens: { short_qa: 64, summary: 256, technical: 384, report: 512 },
    defaultBaseTokens: 512,
    safetyFactors: { premium: 1.2, standard: 1, batch: 0.8 },
    inputScale: 1000,
    inputFactorMax: 1.5,
    calibrator: "ema",
    calibratorOptions: {},
    learnAgainst: "base",
  });
});

test("the defaults of everybody else know no category, no tier and no paper", () => {
  expect(CalibratedOptions.parse({})).toEqual({
    counting: "tokenizer",
    classifier: "auto",
    baseTokens: {},
    defaultBaseTokens: 512,
    safetyFactors: {},
    inputScale: 1000,
    inputFactorMax: 1,
    calibrator: "none",
    calibratorOptions: {},
    learnAgainst: "estimate",
  });
});

test("in both feedback is taken in order of completion unless it is said otherwise", () => {
  expect(FeedbackOrder.options).toEqual(["completion", "arrival"]);
  expect(parseSchedulerOptions().feedbackOrder).toBe("completion");
  expect(parseSchedulerOptions(paperScheduler()).feedbackOrder).toBe("completion");
});
