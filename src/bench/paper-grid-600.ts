import { paperGrid } from "../sweeps/grid.ts";
import { runSweep } from "../sweeps/run-sweep.ts";
import type { Benchmark } from "./benchmark.ts";

/** The paper's grid in as many workers as there are cores, and in one for comparison. */
export const paperGrid600: Benchmark = {
  name: "paper-grid-600",
  description:
    "600 cells (5 policies × on/off × 2 countings × 30 seeds) in workers, workers started",
  barMs: 8000,
  prepare({ smoke }) {
    const { tasks, labels } = smoke
      ? paperGrid({ seeds: 2, workload: { requests: 100 } })
      : paperGrid();
    const units = labels.length;
    return {
      cases: [
        { name: "paper-grid-600", run: () => runSweep(tasks), units, runs: 3, warmups: 1 },
        {
          name: "paper-grid-600/one-worker",
          run: () => runSweep(tasks, { workers: 1 }),
          comparison: true,
          units,
          runs: 1,
          warmups: 0,
        },
      ],
    };
  },
};
