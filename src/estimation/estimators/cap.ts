import type { EstimatorDefinition } from "../estimator.ts";
import { tableEstimator } from "../parts/table.ts";

/**
 * The cap that the client sent (`max_tokens`), taken for the length of its answer: what a gateway can
 * know without a model or a past. Limits: most clients send one generous cap for everything, and then
 * SJF by this estimate goes by prompt length alone.
 *
 * @example
 * const run = simulate(workload, { scheduler: { policy: "sjf", estimator: "cap" } });
 */
export const cap: EstimatorDefinition = {
  name: "cap",
  title: "Cap of the request",
  create: ({ maxTokens }) => tableEstimator(maxTokens, { unit: "tokens" }),
};
