import * as z from "zod";
import { parseWith } from "../../errors/parse-with.ts";
import { substream } from "../../random/substream.ts";
import { spreadBatches } from "../readers/parsing/spread-batches.ts";
import { timeGrain } from "../statistics/time-grain.ts";
import type { Workload } from "../workload.ts";
import { refusePhases } from "./one-phase.ts";
import { withStep } from "./with-step.ts";

/** How requests whose times were logged in whole seconds, minutes or batches are put between them. */
export const SpreadOptions = z.strictObject({
  /**
   * - `even`: the m requests of a time come at it plus 0, 1/m, …, (m − 1)/m of the step, in the order of
   *   the file. Nothing is drawn; it is smoother than any traffic.
   * - `uniform`: each comes at any time within the step, drawn, in the order of the file. A Poisson
   *   process is one again then.
   * - `none`: all at the time that was logged.
   */
  spread: z.enum(["even", "uniform", "none"]).default("none"),
  /** Of what `uniform` draws. */
  seed: z.int().default(1),
});
export type SpreadOptions = z.input<typeof SpreadOptions>;
export type Spread = z.output<typeof SpreadOptions>["spread"];

/** How far each of some times is moved, and in what steps they were logged. */
export interface SpreadDelays {
  /** Seconds, shape (n). */
  readonly delays: Float64Array;
  /** Seconds; 0 where times are finer than a second, and nothing is moved. */
  readonly grain: number;
}

/** Seconds by which times that were logged in steps of a second or more are moved, by the options. */
export function spreadDelays(
  times: Float64Array,
  { spread, seed }: z.output<typeof SpreadOptions>,
): SpreadDelays {
  const grain = timeGrain(times);
  if (grain === 0 || spread === "none") return { delays: new Float64Array(times.length), grain };
  const random = spread === "uniform" ? substream(seed, "spread-times") : undefined;
  const moved = spreadBatches(times, grain, random);
  return { delays: moved.map((time, row) => time - times[row]), grain };
}

/** A step between logged times in words: `whole seconds`, `steps of 60 s`. */
export function grainText(grain: number): string {
  return grain === 1 ? "whole seconds" : `steps of ${grain} s`;
}

/**
 * Spreads requests whose arrivals were logged in whole seconds, minutes or batches over the time that
 * each stands for, see {@link SpreadOptions}; a workload with finer times stays as it is. Throws an
 * InputError for bad options and for a workload of several phases.
 *
 * @example
 * const { workload: logged } = await openTrace("BurstGPT_1.csv");
 * const traffic = traces.spreadTimes(logged, { spread: "uniform", seed: 7 });
 */
export function spreadTimes(workload: Workload, options: SpreadOptions): Workload {
  const parsed = parseWith(SpreadOptions, options, "spreadTimes options");
  refusePhases(workload, "spreadTimes", "each has a clock of its own");
  const { arrival } = workload.requests;
  const { delays, grain } = spreadDelays(arrival, parsed);
  return {
    ...workload,
    requests: { ...workload.requests, arrival: arrival.map((time, row) => time + delays[row]) },
    provenance: withStep(
      workload,
      grain === 0
        ? "times are finer than a second: none is spread"
        : `arrivals in ${grainText(grain)}, spread ${parsed.spread}` +
          (parsed.spread === "uniform" ? `, seed ${parsed.seed}` : ""),
    ),
  };
}
