import * as z from "zod";
import type { Calibrator, CalibratorDefinition } from "./calibrator.ts";

const Options = z.strictObject({
  /** Weight of the newest observation. */
  alpha: z.number().gt(0).max(1).default(0.1),
  /** Bounds of one observation's ratio. */
  ratioMin: z.number().min(0).default(0.25),
  ratioMax: z.number().positive().default(3),
}).refine(({ ratioMin, ratioMax }) => ratioMin <= ratioMax, {
  path: ["ratioMax"],
  error: "a number >= ratioMin",
});

/**
 * The paper's calibration: bias ← 0.9 × bias + 0.1 × clamp(ratio, 0.25, 3), one bias a category,
 * 1.0 at the start. Source: driftsched reference, "Feedback".
 */
export const ema: CalibratorDefinition<typeof Options> = {
  name: "ema",
  title: "EMA bias",
  learns: true,
  options: Options,
  create(keys: number, { alpha, ratioMin, ratioMax }): Calibrator {
    const bias = new Float64Array(keys).fill(1);
    // 1 − 0.1 is 0.9 in binary too, so this is the reference's arithmetic to the bit.
    const keep = 1 - alpha;
    return {
      factor: (key) => bias[key],
      learn(key, ratio): number {
        const measured = Math.min(ratioMax, Math.max(ratioMin, ratio));
        bias[key] = keep * bias[key] + alpha * measured;
        return measured;
      },
    };
  },
};
