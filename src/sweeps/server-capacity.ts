import { completionRate } from "../analysis/completion-rate.ts";
import { everyone } from "../analysis/groups.ts";
import { fifo } from "../policies/fifo.ts";
import { simulate, type SimulateOptions } from "../simulation/simulate.ts";
import type { Workload } from "../workload/workload.ts";

/**
 * Requests of a workload's mix that a server completes a second: the rate at which it gets through
 * them when all arrive at once, under FIFO. What `scaleToUtilisation` divides by, and the same
 * definition as the capacity of a load sweep (`measureCapacity`). Phases and arrival times don't
 * matter. NaN for fewer than three requests.
 *
 * @example
 * const capacity = serverCapacity(trace, { dispatch: { rule: "in-flight", window: 64 } });
 */
export function serverCapacity(workload: Workload, options: SimulateOptions = {}): number {
  const { requests } = workload;
  const atOnce: Workload = {
    ...workload,
    requests: {
      ...requests,
      arrival: new Float64Array(requests.size),
      phases: [{ name: "at once", first: 0, afterDrainSeconds: 0 }],
    },
  };
  // FIFO asks no estimate; the plain one counts tokens, which every workload has.
  const run = simulate(atOnce, { ...options, scheduler: { policy: fifo.name } });
  return completionRate(run, everyone(run).rows);
}
