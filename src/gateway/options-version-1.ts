import * as z from "zod";
import { parseWith } from "../errors/parse-with.ts";
import { calibrated } from "../estimation/estimators/calibrated.ts";
import type { KeywordRules } from "../estimation/keyword-classifier.ts";
import type { SchedulerOptionsInput } from "./options.ts";

/** Scheduler options as runs and journals of version 1 hold them, after defaults. */
const Version1 = z.strictObject({
  policy: z.string(),
  policyOptions: z.record(z.string(), z.unknown()).default({}),
  estimate: z.record(z.string(), z.unknown()),
  calibration: z.strictObject({
    calibrator: z.string(),
    options: z.record(z.string(), z.unknown()).default({}),
    learnAgainst: z.enum(["base", "estimate"]),
    feedbackOrder: z.enum(["completion", "arrival"]),
  }),
});

/** Whether options are of version 1, in which there was one estimator. */
export function isVersion1(options: unknown): boolean {
  return typeof options === "object" && options !== null && "calibration" in options;
}

/**
 * Options of version 1 as those of the present version: the estimator was the one that is called
 * `calibrated` now.
 *
 * @param keywords rules of its classifier, which version 1 did not write down. @default none
 */
export function upgradeSchedulerOptions(
  options: unknown,
  keywords?: KeywordRules,
): SchedulerOptionsInput {
  const { policy, policyOptions, estimate, calibration } = parseWith(
    Version1,
    options,
    "scheduler options of version 1",
  );
  const { calibrator, options: calibratorOptions, learnAgainst, feedbackOrder } = calibration;
  return {
    policy: { name: policy, options: policyOptions },
    estimator: {
      name: calibrated.name,
      options: {
        ...estimate,
        ...keywords !== undefined && { keywords },
        calibrator,
        calibratorOptions,
        learnAgainst,
      },
    },
    feedbackOrder,
  };
}
