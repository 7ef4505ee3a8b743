import { simulate } from "../../src/simulation/simulate.ts";
import type { Run } from "../../src/runs/run.ts";
import { handWorkload, plainCost } from "../support/workloads.ts";

/** Six completed requests in two phases, with the given columns written over them. */
export function smallRun(columns: Partial<Run> = {}): Run {
  const workload = handWorkload({
    arrival: [0, 1, 0, 0, 1, 2],
    tier: [0, 1, 2, 0, 1, 2],
    category: [0, 0, 1, 1, 3, 3],
    outputTokens: [1, 2, 3, 1, 2, 3],
    phases: [
      { name: "calm", first: 0, afterDrainSeconds: 0 },
      { name: "storm", first: 2, afterDrainSeconds: 5 },
    ],
  });
  const run = simulate(workload, {
    scheduler: { estimator: { name: "calibrated", options: { counting: "tokenizer" } } },
    dispatch: { rule: "micro-batch" },
    server: { batching: "static", cost: plainCost({ base: 1 }) },
  });
  return { ...run, ...columns };
}
