import { InputError } from "../../errors/input-error.ts";
import type { Labels } from "../../workload/workload.ts";
import type { Calibrator } from "../calibrators/calibrator.ts";
import { CALIBRATORS, createCalibrator } from "../calibrators/registry.ts";
import { createDetector } from "../detectors/registry.ts";
import type { Estimator, EstimatorDefinition } from "../estimator.ts";
import { calibrated as withCalibration } from "../parts/calibrated.ts";
import { restarting } from "../parts/restarting.ts";
import { floored, scaled } from "../parts/scaled.ts";
import { tableEstimator } from "../parts/table.ts";
import { calibratedColumns } from "./calibrated-columns.ts";
import { CalibratedOptions } from "./calibrated-options.ts";

/** The calibrator that options ask for, started anew by their detector if they have one. */
function calibratorOf(
  { names }: Labels,
  { calibrator, calibratorOptions, detector }: CalibratedOptions,
): Calibrator {
  if (detector === undefined) return createCalibrator(calibrator, names.length, calibratorOptions);
  if (!CALIBRATORS.named(calibrator).learns) {
    const file = "options of estimator calibrated";
    const expected = "a calibrator that learns, since there is a detector";
    throw new InputError({ file, field: "calibrator", value: calibrator, expected });
  }
  return restarting(names.length, {
    calibrator: () => createCalibrator(calibrator, 1, calibratorOptions),
    detector: () => createDetector(detector),
  });
}

/**
 * Base length of the request's category × the factor that the category's answers taught × safety
 * factor of its tier × input factor, multiplied in this order and rounded down. A composition of
 * small estimators; with DriftSched's numbers as its options it is that paper's estimate (driftsched
 * reference, "Admission estimate"). Limits: one factor a category, so what differs within a category
 * is not learned; the factor is one number, so it gives a mean and no quantiles.
 *
 * @example
 * const run = simulate(workload, {
 *   scheduler: {
 *     policy: "sjf",
 *     estimator: { name: "calibrated", options: { counting: "tokenizer", calibrator: "ema" } },
 *   },
 * });
 */
export const calibrated: EstimatorDefinition<typeof CalibratedOptions> = {
  name: "calibrated",
  title: "Calibrated base",
  options: CalibratedOptions,
  create(requests, options): Estimator {
    const columns = calibratedColumns(requests, options);
    const { category, base, safetyFactor, inputFactor } = columns;
    const { counting, learnAgainst } = options;
    const table = tableEstimator(base, {
      unit: counting === "split" ? "words" : "tokens",
      beliefs: { category, base },
    });
    const corrected = withCalibration(table, {
      calibrator: calibratorOf(category, options),
      key: category,
      expected: learnAgainst === "estimate"
        ? (request) => base[request] * safetyFactor[request] * inputFactor[request]
        : (request) => base[request],
    });
    return floored(scaled(corrected, { safetyFactor, inputFactor }));
  },
};
