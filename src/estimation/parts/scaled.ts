import type { Estimator } from "../estimator.ts";

/**
 * Multiplies another estimator by factors a request that never change, one after the other.
 *
 * @param factors by their names among the beliefs; shape (n) each
 */
export function scaled(
  inner: Estimator,
  factors: Readonly<Record<string, Float64Array>>,
): Estimator {
  const columns = Object.values(factors);
  return {
    ...inner,
    beliefs: { ...inner.beliefs, ...factors },
    estimate(request, now, into) {
      inner.estimate(request, now, into);
      let { mean } = into;
      for (let i = 0; i < columns.length; i++) mean *= columns[i][request];
      into.mean = mean;
    },
  };
}

/** Rounds another estimator's mean down to a whole number of tokens or words. */
export function floored(inner: Estimator): Estimator {
  return {
    ...inner,
    estimate(request, now, into) {
      inner.estimate(request, now, into);
      into.mean = Math.floor(into.mean);
    },
  };
}
