import type { SimulateOptions } from "../simulation/simulate.ts";
import type { PaperWorkloadInput } from "./workload.ts";
import { assertKnownNames } from "../errors/known-names.ts";
import { type Grid, joinGrids } from "../sweeps/grid.ts";
import { crossGrid, paperWorkloads } from "./grid.ts";
import { COUNTING_WORDS, FIFO, SJF } from "./policies.ts";

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
export function switchGrid(options: SwitchGridOptions = {}): Grid {
  assertKnownNames(
    options,
    { seeds: true, workload: true } satisfies Record<keyof SwitchGridOptions, true>,
    "switchGrid options",
  );
  const { seeds = 10, workload = {} } = options;
  return joinGrids(SWITCHES.map(({ name, workload: changed, base }) =>
    crossGrid(
      paperWorkloads({ seeds, workload: { ...workload, ...changed }, labels: { switch: name } }),
      { policies: [FIFO, SJF], countings: [COUNTING_WORDS], base },
    )
  ));
}
