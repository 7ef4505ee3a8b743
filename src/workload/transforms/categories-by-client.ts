import type { Workload } from "../workload.ts";
import { withStep } from "./with-step.ts";

/**
 * Makes the tenant the category, so that each gets a calibration factor of its own. In the arena
 * trace a client stands for one model, and models differ in how much they say: mean answers run
 * from 66 to 369 tokens among clients with at least 7 requests.
 *
 * The estimate's base of such categories is `defaultBaseTokens` of the estimate's options; the cap
 * of the trace, `ARENA_MAX_TOKENS`, is the analogue of the paper's caps.
 *
 * @example
 * const workload = workloads.categoriesByClient(trace);
 * simulate(workload, {
 *   scheduler: {
 *     estimator: { options: { counting: "tokenizer", defaultBaseTokens: traces.ARENA_MAX_TOKENS } },
 *   },
 * });
 */
export function categoriesByClient(workload: Workload): Workload {
  const { requests } = workload;
  return {
    ...workload,
    requests: { ...requests, category: requests.tenant },
    provenance: withStep(workload, "category of a request: its tenant"),
  };
}
