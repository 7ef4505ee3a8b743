import * as z from "zod";
import type { Calibrator, CalibratorDefinition } from "./calibrator.ts";

const Options = z.strictObject({
  /** Answers that the factor 1 of the start counts for. @default 1 */
  startWeight: z.number().positive().default(1),
  /** Bounds of one observation's ratio. @default 0.25 */
  ratioMin: z.number().min(0).default(0.25),
  /** @default 3 */
  ratioMax: z.number().positive().default(3),
}).refine(({ ratioMin, ratioMax }) => ratioMin <= ratioMax, {
  path: ["ratioMax"],
  error: "a number >= ratioMin",
});

/**
 * The mean of all ratios so far, clamped, with the factor 1 of the start counted as `startWeight` of
 * them:
 *
 *     factor = (w + Σ clamp(ratio)) / (w + n)
 *
 * While nothing drifts, no average of past ratios is closer to the truth. Limits: it never forgets, so
 * after a change it is as far off as the share of old answers in it. Give it a detector, which starts it
 * anew.
 */
export const mean: CalibratorDefinition<typeof Options> = {
  name: "mean",
  title: "Running mean",
  learns: true,
  options: Options,
  create(keys, { startWeight, ratioMin, ratioMax }): Calibrator {
    const factor = new Float64Array(keys).fill(1);
    const weight = new Float64Array(keys).fill(startWeight);
    return {
      factor: (key) => factor[key],
      learn(key, ratio): number {
        const measured = Math.min(ratioMax, Math.max(ratioMin, ratio));
        weight[key]++;
        factor[key] += (measured - factor[key]) / weight[key];
        return measured;
      },
    };
  },
};
