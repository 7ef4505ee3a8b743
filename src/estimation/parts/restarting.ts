import type { Calibrator } from "../calibrators/calibrator.ts";
import type { DriftDetector } from "../detectors/detector.ts";

/** What {@link restarting} is made of: each makes one, as new. */
export interface RestartingParts {
  /** Makes a calibrator of one key. */
  readonly calibrator: () => Calibrator;
  readonly detector: () => DriftDetector;
}

/**
 * A calibrator that forgets a key where a detector says that the key's ratios have drifted. The
 * detector sees each ratio as it was used. The ratio that raised the alarm is the first that the new
 * calibrator learns.
 *
 * It helps calibrators that remember longer than the detector takes to speak (a running mean). The EMA
 * of weight 0.1 has forgotten 95 % of the past after 29 answers, before most alarms come: starting it
 * anew throws away what it has learned of the new level.
 *
 * @param keys number of keys
 * @example
 * import { createCalibrator } from "driftsched/estimation/calibrators/registry.ts";
 * const calibrator = estimation.restarting(workload.requests.category.names.length, {
 *   calibrator: () => createCalibrator("mean", 1),
 *   detector: () => estimation.createDetector("adwin"),
 * });
 */
export function restarting(keys: number, { calibrator, detector }: RestartingParts): Calibrator {
  const learners = Array.from({ length: keys }, calibrator);
  const detectors = Array.from({ length: keys }, detector);
  return {
    factor: (key) => learners[key].factor(0),
    learn(key, ratio, now) {
      const used = learners[key].learn(0, ratio, now);
      if (detectors[key].update(used, now) !== "drift") return used;
      learners[key] = calibrator();
      return learners[key].learn(0, ratio, now);
    },
  };
}
