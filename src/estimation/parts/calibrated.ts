import type { Labels } from "../../workload/workload.ts";
import type { Calibrator } from "../calibrators/calibrator.ts";
import type { Estimator } from "../estimator.ts";

/** What {@link calibrated} needs besides the estimator that it corrects. */
export interface CalibrationParts {
  readonly calibrator: Calibrator;
  /** The key of each request: the calibrator has one factor a key. */
  readonly key: Labels;
  /** The length, uncalibrated, that an answer is compared with. */
  readonly expected: (request: number) => number;
}

/**
 * Multiplies another estimator by a factor that a calibrator learns, one a key: factors start at 1
 * and follow what answers measured, relative to `expected`. Its beliefs are `factor` (as it was used),
 * and of the request's own feedback `ratio` (as it was used), `factorBefore` and
 * `factorAfter`, before and after it. An answer that was cut counts as it is.
 */
export function calibrated(
  inner: Estimator,
  { calibrator, key: { codes, names }, expected }: CalibrationParts,
): Estimator {
  const column = () => new Float64Array(codes.length).fill(NaN);
  const factor = column();
  const factorBefore = column(), ratio = column(), factorAfter = column();
  return {
    unit: inner.unit,
    beliefs: { ...inner.beliefs, factor, ratio, factorBefore, factorAfter },
    estimate(request, now, into) {
      inner.estimate(request, now, into);
      factor[request] = calibrator.factor(codes[request]);
      into.mean *= factor[request];
    },
    learn(request, observation, now) {
      inner.learn(request, observation, now);
      const key = codes[request];
      factorBefore[request] = calibrator.factor(key);
      ratio[request] = calibrator.learn(key, observation.length / expected(request), now);
      factorAfter[request] = calibrator.factor(key);
    },
    factors: () => Object.fromEntries(names.map((name, code) => [name, calibrator.factor(code)])),
  };
}
