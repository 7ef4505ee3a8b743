import type { Labels } from "../workload/workload.ts";
import type { BeliefColumn, Run } from "./run.ts";

/** Whether a belief is a column of names, and not of numbers. */
export function isLabels(column: BeliefColumn): column is Labels {
  return !ArrayBuffer.isView(column);
}

/** The category that the estimator believed a request to be of; the client's where it believed none. */
export function believedCategory({ beliefs, requests }: Run): Labels {
  const { category } = beliefs;
  return category !== undefined && isLabels(category) ? category : requests.category;
}

/**
 * A belief as numbers, by name. Shape (n); NaN throughout where the run's estimator had none of that
 * name.
 *
 * @example
 * const factors = beliefOf(run, "factor");
 */
export function beliefOf({ beliefs, size }: Run, name: string): Float64Array | Int32Array {
  const column = Object.hasOwn(beliefs, name) ? beliefs[name] : undefined;
  if (column === undefined || isLabels(column)) return new Float64Array(size).fill(NaN);
  return column;
}
