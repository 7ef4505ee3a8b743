import { live as liveOf, type LiveCallbacks, type LiveResult } from "../live/live.ts";
import type { LiveOptionsInput } from "../live/live-options.ts";
import type { Workload } from "../workload/workload.ts";
import { PAPER_WRITERS } from "./metrics/live-writers.ts";

/**
 * A live run, see `live` in `src/live/live.ts`, that also writes the `metrics.csv` of the paper's
 * system into its folder. Source: driftsched reference, "What a run writes".
 *
 * @example
 * const { run, files } = await live(workload, {
 *   servers: ["http://localhost:8000"],
 *   scheduler: { policy: "sjf" },
 *   out: "runs/sjf",
 * });
 */
export function live(
  workload: Workload,
  { writers = {}, ...options }: LiveOptionsInput & LiveCallbacks,
): Promise<LiveResult> {
  return liveOf(workload, { ...options, writers: { ...PAPER_WRITERS, ...writers } });
}
