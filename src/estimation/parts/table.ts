import type { Belief, Estimator } from "../estimator.ts";

/**
 * The estimator that says the same of a request whatever came before: a column of lengths, made from
 * a table of bases, say. It learns nothing.
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
