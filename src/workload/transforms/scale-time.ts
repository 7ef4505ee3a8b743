import * as z from "zod";
import { parseWith } from "../../errors/parse-with.ts";
import type { Phase, Workload } from "../workload.ts";
import { withStep } from "./with-step.ts";

const Factor = z.number().positive().max(1e9);

/**
 * Stretches (factor above 1) or compresses (below 1) time: arrivals, and the pauses between phases,
 * are multiplied by the factor, so rates are divided by it. Order, burstiness relative to the mean
 * gap and all lengths stay. Throws an InputError for a factor that is not positive and finite.
 *
 * @example
 * workloads.scaleTime(trace, 0.5); // twice the load
 */
export function scaleTime(workload: Workload, factor: number): Workload {
  parseWith(z.strictObject({ factor: Factor }), { factor }, "scaleTime");
  return stretchTime(workload, factor, `time multiplied by ${factor}`);
}

/** Arrivals and pauses multiplied by a positive factor, with the step in words. */
export function stretchTime(workload: Workload, factor: number, step: string): Workload {
  const { requests } = workload;
  const stretch = (phase: Phase): Phase => ({
    ...phase,
    afterDrainSeconds: phase.afterDrainSeconds * factor,
  });
  const [first, ...rest] = requests.phases;
  return {
    ...workload,
    requests: {
      ...requests,
      arrival: requests.arrival.map((seconds) => seconds * factor),
      phases: [stretch(first), ...rest.map(stretch)],
    },
    provenance: withStep(workload, step),
  };
}
