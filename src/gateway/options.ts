import { z } from "zod";
import { CalibrationOptions, EstimateOptions } from "../estimation/options.ts";

/** Options of the gateway; the defaults are the paper's FIFO with calibration on. */
export const SchedulerOptions = z.strictObject({
  /** Name of a policy in the registry. */
  policy: z.string().default("fifo"),
  /** Options of that policy, checked by its own schema. */
  policyOptions: z.record(z.string(), z.unknown()).default({}),
  estimate: EstimateOptions.prefault({}),
  calibration: CalibrationOptions.prefault({}),
});
export type SchedulerOptions = z.output<typeof SchedulerOptions>;
/** {@link SchedulerOptions} before defaults are filled in. */
export type SchedulerOptionsInput = z.input<typeof SchedulerOptions>;
