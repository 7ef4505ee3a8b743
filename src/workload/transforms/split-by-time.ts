import * as z from "zod";
import { InputError } from "../../errors/input-error.ts";
import { parseWith } from "../../errors/parse-with.ts";
import type { Workload } from "../workload.ts";
import { refusePhases } from "./one-phase.ts";
import { timeWindow } from "./time-window.ts";

/** Where to split. */
export const SplitOptions = z.strictObject({
  /** Seconds on the workload's clock; this instant belongs to the test part. */
  atSeconds: z.number().positive().optional(),
  /** Instead: share of the time from the first arrival to the last that is for training. */
  share: z.number().gt(0).lt(1).optional(),
  /** Whether time 0 of the test part is the instant of the split. */
  rebase: z.boolean().default(true),
}).refine(({ atSeconds, share }) => (atSeconds === undefined) !== (share === undefined), {
  path: ["share"],
  error: "either atSeconds or share",
});
export type SplitOptions = z.input<typeof SplitOptions>;

/** What came before an instant, and what came from then on. */
export interface TimeSplit {
  readonly train: Workload;
  readonly test: Workload;
}

/**
 * Splits a workload at an instant, so that nothing that is learned of the first part has seen the
 * second. Every request is in one of the two; requests that are open at the split are of the part in
 * which they arrived. Refuses several phases, and a split with nothing on one side, with an
 * InputError.
 *
 * @example
 * const { train, test } = workloads.splitByTime(trace, { share: 0.7 });
 */
export function splitByTime(workload: Workload, options: SplitOptions): TimeSplit {
  const { atSeconds, share, rebase } = parseWith(SplitOptions, options, "splitByTime options");
  refusePhases(workload, "splitByTime", "take each by timeWindow");
  const { arrival, size } = workload.requests;
  const first = size > 0 ? arrival[0] : 0;
  const at = atSeconds ?? first + share! * ((size > 0 ? arrival[size - 1] : 0) - first);
  if (!(size > 0 && first < at && at <= arrival[size - 1])) {
    throw new InputError({
      file: "splitByTime options",
      field: share === undefined ? "atSeconds" : "share",
      value: atSeconds ?? share,
      expected: "an instant that has requests before it and requests at it or later",
    });
  }
  return {
    train: timeWindow(workload, { to: at }),
    test: timeWindow(workload, { from: at, rebase }),
  };
}
