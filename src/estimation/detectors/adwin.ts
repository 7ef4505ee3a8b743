import * as z from "zod";
import { log } from "../../math/log.ts";
import type { DriftDetectorDefinition } from "./detector.ts";
import { ExponentialHistogram } from "./exponential-histogram.ts";

const Options = z.strictObject({
  /** Confidence: the smaller, the fewer false alarms and the later the true ones. @default 0.002 */
  delta: z.number().gt(0).lt(1).default(0.002),
  /** It looks for a change once in so many values. @default 32 */
  clock: z.int().min(1).default(32),
  /** Buckets of a size that the window is kept in: how finely it can be cut. @default 5 */
  maxBuckets: z.int().min(1).default(5),
  /** Values that each part of a cut window has at least. @default 5 */
  minWindowLength: z.int().min(1).default(5),
  /** It looks for a change only in windows longer than so many values. @default 10 */
  gracePeriod: z.int().min(0).default(10),
});

/**
 * ADWIN, adaptive windowing: keeps all values since the last alarm, and raises one when the window can
 * be cut so that the means of its two parts differ by more than chance allows. With n values of
 * variance σ² in the window, n₀ and n₁ in its parts, and w the least length of a part:
 *
 *     |mean₀ − mean₁| > √(2 m σ² d) + (2/3) m d,
 *     m = 1/(n₀ − w + 1) + 1/(n₁ − w + 1),   d = ln(2 ln(n) / δ)
 *
 * The window is an exponential histogram, so that it is cut only between buckets. Sources: Bifet and
 * Gavaldà, "Learning from time-changing data with adaptive windowing", SDM 2007; constants and
 * alarms are those of river 0.26.1. As there, an alarm empties the whole window, while the paper
 * drops its older part alone.
 *
 * Limits: the second term of the bound is for values between 0 and 1, so values of a small scale are
 * found late and those of a large scale sooner than δ promises. An alarm comes up to `clock` values
 * late, and no two come closer than that. A spread that changes while the mean stays is not looked for. It
 * gives no warnings.
 *
 * @example
 * const detector = estimation.createDetector("adwin");
 * const signals = [...Array(100).fill(1), ...Array(60).fill(3)].map((value, at) =>
 *   detector.update(value, at)
 * );
 * signals.indexOf("drift"); // 127
 */
export const adwin: DriftDetectorDefinition<typeof Options> = {
  name: "adwin",
  title: "ADWIN",
  options: Options,
  create({ delta, clock, maxBuckets, minWindowLength, gracePeriod }) {
    let window: ExponentialHistogram;
    /** Sum of squared deviations from the window's mean. */
    let squares: number;
    const reset = () => {
      window = new ExponentialHistogram(maxBuckets);
      squares = 0;
    };
    const push = (value: number) => {
      const { count, total } = window;
      if (count > 0) {
        const deviation = value - total / count;
        squares += count * deviation * deviation / (count + 1);
      }
      window.push(value);
    };
    const changed = () => {
      const { count, total } = window;
      const variance = squares / count;
      const chance = log(2 * log(count) / delta);
      return window.someCut((before, sum) => {
        const after = count - before;
        if (before < minWindowLength || after < minWindowLength) return false;
        const difference = Math.abs(sum / before - (total - sum) / after);
        const m = 1 / (before - minWindowLength + 1) + 1 / (after - minWindowLength + 1);
        return difference > Math.sqrt(2 * m * variance * chance) + 2 / 3 * chance * m;
      });
    };
    reset();
    return {
      reset,
      update(value) {
        push(value);
        if (window.count % clock !== 0 || window.count <= gracePeriod || !changed()) return "none";
        reset();
        return "drift";
      },
    };
  },
};
