import type { EstimatorDefinition } from "../estimation/estimator.ts";
import { tableEstimator } from "../estimation/parts/table.ts";
import type { Truth } from "../workload/workload.ts";

/** Name of the estimator that knows every answer's length. */
export const ORACLE = "oracle";

/**
 * The estimator that knows how long each answer is. No gateway has it: a simulated server hands it
 * out, for comparisons with what an estimate could gain at best.
 */
export function oracleOf({ outputTokens }: Pick<Truth, "outputTokens">): EstimatorDefinition {
  return {
    name: ORACLE,
    title: "Oracle",
    create: () => tableEstimator(outputTokens, { unit: "tokens" }),
  };
}
