import * as z from "zod";
import type { Calibrator, CalibratorDefinition } from "./calibrator.ts";
import { BOUNDS_MIXED_UP, boundsInOrder, clampRatio, ratioFields } from "./ratio-bounds.ts";

const Options = z.strictObject({
  /** Weight of the newest observation. */
  alpha: z.number().gt(0).max(1).default(0.1),
  ...ratioFields,
}).refine(boundsInOrder, BOUNDS_MIXED_UP);

/**
 * The paper's calibration: bias ← 0.9 × bias + 0.1 × clamp(ratio, 0.25, 3), one bias a category,
 * 1.0 at the start. Source: driftsched reference, "Feedback".
 */
export const ema: CalibratorDefinition<typeof Options> = {
  name: "ema",
  title: "EMA bias",
  learns: true,
  options: Options,
  create(keys: number, { alpha, ...bounds }): Calibrator {
    const bias = new Float64Array(keys).fill(1);
    // 1 − 0.1 is 0.9 in binary too, so this is the reference's arithmetic to the bit.
    const keep = 1 - alpha;
    return {
      factor: (key) => bias[key],
      learn(key, ratio): number {
        const measured = clampRatio(ratio, bounds);
        bias[key] = keep * bias[key] + alpha * measured;
        return measured;
      },
    };
  },
};
