import { paperGrid } from "../paper/grid.ts";
import { runSweep } from "../sweeps/run-sweep.ts";
import type { Benchmark } from "./benchmark.ts";

/** The paper's grid in as many workers as there are cores, and in one for comparison. */
export const paperGrid600: Benchmark = {
  name: "paper-grid-600",
  description:
    "600 cells (5 policies × on/off × 2 countings × 30 seeds) in workers, workers started",
  barMs: 8000,
  prepare({ smoke }) {
    const grid = smoke ? paperGrid({ seeds: 2, workload: { requests: 100 } }) : paperGrid();
    const units = grid.cells.length;
    // Without a store: each run has to simulate.
    const store = "off";
    return {
      cases: [
        {
          name: "paper-grid-600",
          run: () => runSweep(grid, { store }),
          units,
          runs: 3,
          warmups: 1,
        },
        {
          name: "paper-grid-600/one-worker",
          run: () => runSweep(grid, { store, workers: 1 }),
          comparison: true,
          units,
          runs: 1,
          warmups: 0,
        },
      ],
    };
  },
};
