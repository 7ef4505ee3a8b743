import * as z from "zod";
import type { Calibrator, CalibratorDefinition } from "./calibrator.ts";
import { BOUNDS_MIXED_UP, boundsInOrder, clampRatio, ratioFields } from "./ratio-bounds.ts";

const Options = z.strictObject({
  /** Answers that the factor 1 of the start counts for. @default 1 */
  startWeight: z.number().positive().default(1),
  ...ratioFields,
}).refine(boundsInOrder, BOUNDS_MIXED_UP);

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
  create(keys, { startWeight, ...bounds }): Calibrator {
    const factor = new Float64Array(keys).fill(1);
    const weight = new Float64Array(keys).fill(startWeight);
    return {
      factor: (key) => factor[key],
      learn(key, ratio): number {
        const measured = clampRatio(ratio, bounds);
        weight[key]++;
        factor[key] += (measured - factor[key]) / weight[key];
        return measured;
      },
    };
  },
};
