import type { SimulateOptions } from "../simulation/simulate.ts";
import type { PaperWorkloadInput } from "./workload.ts";
import { crossGrid, type Grid, type GridWorkload } from "../sweeps/grid.ts";

/** One departure from the reference, by name. */
export interface Switch {
  readonly name: string;
  /** What it changes, in a few words. */
  readonly description: string;
  readonly workload?: PaperWorkloadInput;
  readonly base?: SimulateOptions;
}

/** The reference as it is, then each of its flaws mended alone, then all of them. */
export const SWITCHES: readonly Switch[] = [
  { name: "reference", description: "as the paper's code does it" },
  {
    name: "no label",
    description: "the prompt's header does not name the job type",
    workload: { labelInHeader: false },
  },
  {
    name: "learn against estimate",
    description: "the factor is learned against the estimate made, not against the base",
    base: { scheduler: { estimator: { options: { learnAgainst: "estimate" } } } },
  },
  {
    name: "learn in arrival order",
    description: "answers are learned from in order of arrival, not of completion",
    base: { scheduler: { feedbackOrder: "arrival" } },
  },
  {
    name: "no cap",
    description: "the cap does not cut answers; only the context does",
    workload: { capIsClamp: false },
  },
  {
    name: "all of them",
    description: "all four at once",
    workload: { labelInHeader: false, capIsClamp: false },
    base: {
      scheduler: { estimator: { options: { learnAgainst: "estimate" } }, feedbackOrder: "arrival" },
    },
  },
];

/** Options of {@link switchGrid}. */
export interface SwitchGridOptions {
  /** @default 10 */
  readonly seeds?: number;
  /** Everything else about the workload. */
  readonly workload?: PaperWorkloadInput;
}

/**
 * FIFO and SJF, calibration off and on, whitespace counting, under each switch. Labels: `switch`,
 * `seed`.
 */
export function switchGrid({ seeds = 10, workload = {} }: SwitchGridOptions = {}): Grid {
  const grids = SWITCHES.map(({ name, workload: changed, base }) =>
    crossGrid(
      Array.from({ length: seeds }, (_, i): GridWorkload => ({
        source: { source: "paper", parameters: { ...workload, ...changed, seed: i + 1 } },
        labels: { switch: name, seed: i + 1 },
      })),
      { policies: ["fifo", "sjf"], countings: ["split"], base },
    )
  );
  return {
    tasks: grids.flatMap(({ tasks }) => tasks),
    labels: grids.flatMap(({ labels }) => labels),
  };
}
