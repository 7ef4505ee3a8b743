import { calibrated } from "../estimation/estimators/calibrated.ts";
import type { CalibratedOptionsInput } from "../estimation/estimators/calibrated-options.ts";
import type { SchedulerOptionsInput } from "../gateway/options.ts";
import { PAPER_ESTIMATE } from "./estimate.ts";
import { FIFO } from "./policies.ts";

/**
 * Options of the scheduler with DriftSched's defaults in place of the plain ones: FIFO, and the paper's
 * estimate. Options of an estimator without a name, or of `calibrated`, change the paper's; another
 * estimator is taken as it is.
 *
 * @example
 * const run = simulate(workload, {
 *   scheduler: paper.paperScheduler({ policy: "sjf", estimator: { options: { counting: "tokenizer" } } }),
 * });
 */
export function paperScheduler(options: SchedulerOptionsInput = {}): SchedulerOptionsInput {
  if (typeof options !== "object" || options === null) return options;
  const { policy = FIFO, estimator, ...rest } = options;
  return { ...rest, policy, estimator: paperEstimator(estimator) };
}

function paperEstimator(
  estimator: SchedulerOptionsInput["estimator"],
): SchedulerOptionsInput["estimator"] {
  const { name } = calibrated;
  if (estimator === undefined || estimator === name) return { name, options: PAPER_ESTIMATE };
  if (typeof estimator !== "object" || estimator === null) return estimator;
  if ("create" in estimator || "definition" in estimator) return estimator;
  if (estimator.name !== undefined && estimator.name !== name) return estimator;
  return { ...estimator, name, options: { ...PAPER_ESTIMATE, ...estimator.options } };
}

/** The estimator choice with the paper's numbers, changed by `options`: plain data for a cell of a grid. */
export function paperEstimate(options: CalibratedOptionsInput = {}) {
  return { name: calibrated.name, options: { ...PAPER_ESTIMATE, ...options } };
}
