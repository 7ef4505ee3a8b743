import type { Estimator } from "../estimator.ts";

/**
 * Multiplies another estimator by a factor a request that never changes.
 *
 * @param name of the factor among the beliefs
 * @param factor shape (n)
 */
export function scaled(inner: Estimator, name: string, factor: Float64Array): Estimator {
  return {
    ...inner,
    beliefs: { ...inner.beliefs, [name]: factor },
    estimate(request, now, into) {
      inner.estimate(request, now, into);
      into.mean *= factor[request];
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
