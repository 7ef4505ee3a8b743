import { createCalibrator } from "../calibrators/registry.ts";
import type { Estimator, EstimatorDefinition } from "../estimator.ts";
import { calibrated as withCalibration } from "../parts/calibrated.ts";
import { floored, scaled } from "../parts/scaled.ts";
import { tableEstimator } from "../parts/table.ts";
import { calibratedColumns } from "./calibrated-columns.ts";
import { CalibratedOptions } from "./calibrated-options.ts";

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
    const { calibrator, calibratorOptions, counting, learnAgainst } = options;
    const table = tableEstimator(base, {
      unit: counting === "split" ? "words" : "tokens",
      beliefs: { category, base },
    });
    const corrected = withCalibration(table, {
      calibrator: createCalibrator(calibrator, category.names.length, calibratorOptions),
      key: category,
      expected: learnAgainst === "estimate"
        ? (request) => base[request] * safetyFactor[request] * inputFactor[request]
        : (request) => base[request],
    });
    const tiered = scaled(corrected, "safetyFactor", safetyFactor);
    return floored(scaled(tiered, "inputFactor", inputFactor));
  },
};
