import * as z from "zod";
import type { DriftDetectorDefinition } from "./detector.ts";

const Options = z.strictObject({
  /** It says nothing before more errors or hits than these. @default 30 */
  warmStart: z.int().min(1).default(30),
  /** Standard deviations above the least error rate that raise a warning. @default 2 */
  warningThreshold: z.number().positive().default(2),
  /** Standard deviations above the least error rate that raise an alarm. @default 3 */
  driftThreshold: z.number().positive().default(3),
});

/**
 * DDM, drift detection method: raises an alarm when the error rate has risen clearly above the least
 * that it has been. With p the error rate of n answers since the last alarm, s = √(p (1 − p) / n), and
 * p_min, s_min those of the moment at which p + s was least:
 *
 *     warning if p + s > p_min + 2 s_min,   drift if p + s > p_min + 3 s_min
 *
 * Source: Gama, Medas, Castillo and Rodrigues, "Learning with drift detection", SBIA 2004; constants
 * and alarms are those of river 0.26.1.
 *
 * Limits: it takes errors (1) and hits (0) alone, and finds nothing but a rising error rate. The rate is
 * that of all answers since the last alarm, so after a long quiet time it finds a change late. Where
 * there was no error yet, the first one is an alarm.
 *
 * @example
 * const detector = estimation.createDetector("ddm");
 * const errors = Array.from({ length: 200 }, (_, at) => at >= 100 || at % 10 === 0 ? 1 : 0);
 * const signals = errors.map((error, at) => detector.update(error, at));
 * signals.indexOf("warning"); // 103
 * signals.indexOf("drift"); // 106
 */
export const ddm: DriftDetectorDefinition<typeof Options> = {
  name: "ddm",
  title: "DDM",
  options: Options,
  takes: "errors",
  create({ warmStart, warningThreshold, driftThreshold }) {
    let count = 0, rate = 0;
    let leastRate = Infinity, leastDeviation = Infinity;
    const reset = () => {
      count = rate = 0;
      leastRate = leastDeviation = Infinity;
    };
    return {
      reset,
      update(value) {
        if (value !== 0 && value !== 1) {
          throw new RangeError(`Cannot take ${value}: DDM takes 1 for an error and 0 for none`);
        }
        count++;
        rate += (value - rate) / count;
        if (count <= warmStart) return "none";
        const deviation = Math.sqrt(rate * (1 - rate) / count);
        if (rate + deviation <= leastRate + leastDeviation) {
          leastRate = rate;
          leastDeviation = deviation;
        }
        if (rate + deviation > leastRate + driftThreshold * leastDeviation) {
          reset();
          return "drift";
        }
        return rate + deviation > leastRate + warningThreshold * leastDeviation
          ? "warning"
          : "none";
      },
    };
  },
};
