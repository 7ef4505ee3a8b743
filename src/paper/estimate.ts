import { CATEGORY_CAPS } from "./categories.ts";
import { KEYWORDS } from "./classify.ts";
import { CALIBRATION_ON, COUNTING_WORDS } from "./policies.ts";

/**
 * How the paper estimates the length of an answer, as options of the estimator `calibrated`:
 *
 * estimate = floor(base × calibration factor × safety factor × input factor)
 *
 * - the base is the cap of the category that the keywords tell;
 * - the safety factor depends on the tier;
 * - input factor = min(`inputFactorMax`, 1 + prompt length / `inputScale`);
 * - the calibration factor is learned per category against the base, not against the estimate.
 *
 * Lengths are in the unit of `counting`. Plain data, frozen at every level. Source: driftsched
 * reference, "Admission estimate" and "Feedback (the calibration)"; it does not say what the base of
 * an unknown category is (`defaultBaseTokens` takes the largest cap).
 */
export const PAPER_ESTIMATE = Object.freeze(
  {
    counting: COUNTING_WORDS,
    classifier: "auto",
    keywords: KEYWORDS,
    baseTokens: CATEGORY_CAPS,
    defaultBaseTokens: 512,
    safetyFactors: Object.freeze({ premium: 1.2, standard: 1, batch: 0.8 }),
    inputScale: 1000,
    inputFactorMax: 1.5,
    calibrator: CALIBRATION_ON,
    calibratorOptions: Object.freeze({}),
    learnAgainst: "base",
  } as const,
);
