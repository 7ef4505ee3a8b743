import * as z from "zod";
import type { DriftDetectorDefinition } from "./detector.ts";

const Options = z.strictObject({
  /** Values before the first alarm, and between two alarms. @default 30 */
  minInstances: z.int().min(1).default(30),
  /** Change of the level that is not worth an alarm, in the unit of the values. @default 0.005 */
  delta: z.number().min(0).default(0.005),
  /** Sum of deviations that raises an alarm, in the unit of the values. @default 50 */
  threshold: z.number().positive().default(50),
  /** What is kept of the sums at each value; 1 keeps all. @default 0.9999 */
  alpha: z.number().gt(0).max(1).default(0.9999),
  /** Which change counts: a rising level, a falling one, or both. @default "both" */
  mode: z.enum(["both", "up", "down"]).default("both"),
});

/**
 * Page–Hinkley test: deviations from the running mean are summed up, and an alarm is raised when a
 * sum has moved too far from its best. With x̄ the mean of all values since the last alarm, x included:
 *
 *     S⁺ ← α S⁺ + (x − x̄ − δ)     alarm if S⁺ − min S⁺ > threshold
 *     S⁻ ← α S⁻ + (x − x̄ + δ)     alarm if max S⁻ − S⁻ > threshold
 *
 * Sources: E. S. Page, "Continuous inspection schemes", Biometrika 41 (1954); constants and
 * alarms are those of river 0.26.1.
 *
 * Limits: `threshold` and `delta` are in the unit of the values, so the defaults suit values around 1
 * whose level changes by about 1: a change by d takes at least threshold / d values. A spread that
 * changes while the mean stays can raise a false alarm and is never found as such. The mean
 * remembers every value since the last alarm, so a slow ramp is found late. It gives no warnings.
 *
 * @example
 * const detector = estimation.createDetector({ name: "page-hinkley", options: { threshold: 10 } });
 * const signals = [...Array(100).fill(1), ...Array(20).fill(3)].map((value, at) =>
 *   detector.update(value, at)
 * );
 * signals.indexOf("drift"); // 105
 */
export const pageHinkley: DriftDetectorDefinition<typeof Options> = {
  name: "page-hinkley",
  title: "Page–Hinkley",
  options: Options,
  create({ minInstances, delta, threshold, alpha, mode }) {
    let count = 0, mean = 0;
    let rise = 0, leastRise = Infinity;
    let fall = 0, mostFall = -Infinity;
    const reset = () => {
      count =
        mean =
        rise =
        fall =
          0;
      leastRise = Infinity;
      mostFall = -Infinity;
    };
    return {
      reset,
      update(value) {
        count++;
        mean += (value - mean) / count;
        const deviation = value - mean;
        rise = alpha * rise + deviation - delta;
        fall = alpha * fall + deviation + delta;
        leastRise = Math.min(leastRise, rise);
        mostFall = Math.max(mostFall, fall);
        if (count < minInstances) return "none";
        const rose = mode !== "down" && rise - leastRise > threshold;
        const fell = mode !== "up" && mostFall - fall > threshold;
        if (!rose && !fell) return "none";
        reset();
        return "drift";
      },
    };
  },
};
