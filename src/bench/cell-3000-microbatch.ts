import { summarizeRun } from "../analysis/summarize-run.ts";
import { simulate } from "../paper/simulate.ts";
import { POLICIES } from "../policies/registry.ts";
import { paperWorkload } from "../paper/workload.ts";
import type { Benchmark, BenchmarkCase } from "./benchmark.ts";

/** One cell of the paper's grid per policy, calibration on, the workload made before. */
export const cell3000Microbatch: Benchmark = {
  name: "cell-3000-microbatch",
  description: "a run of 3,000 requests through gateway and micro-batch engine, warm",
  barMs: 15,
  prepare({ smoke }) {
    const requests = smoke ? 150 : 3000;
    const workload = paperWorkload({ requests });
    const often = { units: requests, runs: 51, warmups: 20 };
    const cells = POLICIES.all.map(({ name: policy }): BenchmarkCase => ({
      name: `cell-3000-microbatch/${policy}`,
      run: () => simulate(workload, { scheduler: { policy } }),
      ...often,
    }));
    return {
      cases: [
        ...cells,
        {
          name: "cell-3000-microbatch/fifo-summarized",
          run: () => summarizeRun(simulate(workload)),
          comparison: true,
          ...often,
        },
        {
          name: "cell-3000-microbatch/workload",
          run: () => paperWorkload({ requests }),
          comparison: true,
          ...often,
        },
      ],
    };
  },
};
