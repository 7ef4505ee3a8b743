import * as z from "zod";
import type { Calibrator, CalibratorDefinition } from "./calibrator.ts";

const Options = z.strictObject({});

/** Calibration off: the factor is 1 throughout and nothing is learned. */
export const none: CalibratorDefinition<typeof Options> = {
  name: "none",
  title: "off",
  learns: false,
  options: Options,
  create(): Calibrator {
    return { factor: () => 1, learn: (_key, ratio) => ratio };
  },
};
