import { live as liveOf, type LiveCallbacks, type LiveResult } from "../live/live.ts";
import type { LiveOptionsInput } from "../live/live-options.ts";
import type { Workload } from "../workload/workload.ts";
import { PAPER_WRITERS } from "./metrics/live-writers.ts";
import { paperScheduler } from "./scheduler.ts";

/**
 * A live run, see `live` in `src/live/live.ts`, with DriftSched's defaults (FIFO, the paper's estimate)
 * for options that are left out. It also writes the `metrics.csv` of the paper's system into its
 * folder. Source: driftsched reference, "What a run writes".
 *
 * @example
 * const { run, files } = await live.run(workload, {
 *   servers: ["http://localhost:8000"],
 *   scheduler: { policy: "sjf" },
 *   out: "runs/sjf",
 * });
 */
export function live(
  workload: Workload,
  { writers = {}, scheduler, ...options }: LiveOptionsInput & LiveCallbacks,
): Promise<LiveResult> {
  return liveOf(workload, {
    ...options,
    scheduler: paperScheduler(scheduler),
    writers: { ...PAPER_WRITERS, ...writers },
  });
}
