import type { Belief, Estimator } from "../estimator.ts";

/**
 * An estimator that never learns: it reads each request's length from a column, made from a table of
 * bases, for example.
 *
 * @param lengths shape (n), in `unit`
 */
export function tableEstimator(
  lengths: Float64Array | Int32Array,
  { unit, beliefs = {} }: {
    readonly unit: Estimator["unit"];
    readonly beliefs?: Readonly<Record<string, Belief>>;
  },
): Estimator {
  return {
    unit,
    beliefs,
    estimate(request, _now, into) {
      into.mean = lengths[request];
    },
    learn() {},
  };
}
