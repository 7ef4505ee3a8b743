import type { SummaryOptions } from "../analysis/summarize-run.ts";
import { assertKnownNames } from "../errors/known-names.ts";
import type { PolicyDefinition } from "../policies/policy.ts";
import { inHouse } from "../registry/module-definition.ts";
import type { SimulateOptions } from "../simulation/simulate.ts";
import type { CellMatch } from "../sweeps/cell-match.ts";
import { type Grid, type GridWorkload, sweep } from "../sweeps/grid.ts";
import type { WorkloadSource } from "../sweeps/workload-source.ts";
import {
  PAPER_CALIBRATIONS,
  PAPER_COUNTINGS,
  PAPER_POLICIES,
  type PaperCounting,
} from "./policies.ts";
import { paperSimulation } from "./simulate.ts";
import { paperWorkload, type PaperWorkloadInput } from "./workload.ts";

const generate = inHouse(paperWorkload, { path: "paper/workload.ts", export: "paperWorkload" });

/** The paper's workload as a source that workers can make. */
export function paperSource(parameters: PaperWorkloadInput): WorkloadSource {
  return { source: "generator", generate, parameters };
}

/** Options of {@link paperWorkloads}. */
export interface PaperWorkloadsOptions {
  /** Seeds are `1 … seeds`. @default 30 */
  readonly seeds?: number;
  /** Everything else about the workload. @default the paper's */
  readonly workload?: PaperWorkloadInput;
  /** Labels besides `seed`. @default none */
  readonly labels?: Readonly<Record<string, string | number>>;
}

/**
 * The paper's workload over paired seeds, for `sweep`. Label: `seed`.
 *
 * @example
 * const workloads = paper.paperWorkloads({ seeds: 5, workload: { requests: 600 } });
 */
export function paperWorkloads(options: PaperWorkloadsOptions = {}): GridWorkload[] {
  assertKnownNames(
    options,
    { seeds: true, workload: true, labels: true } satisfies Names<PaperWorkloadsOptions>,
    "paperWorkloads options",
  );
  const { seeds = 30, workload = {}, labels = {} } = options;
  return Array.from({ length: seeds }, (_, i) => ({
    source: paperSource({ ...workload, seed: i + 1 }),
    labels: { ...labels, seed: i + 1 },
  }));
}

/** Every name of some options, as the type that sees that none is missing. */
type Names<T> = Record<keyof T, true>;

/** Which cells {@link crossGrid} has. */
export interface GridOptions {
  /** Names or definitions. @default the paper's five */
  readonly policies?: readonly (string | PolicyDefinition)[];
  /** Calibrators by name. @default calibration off and on */
  readonly calibrations?: readonly string[];
  /** Units in which lengths are counted. @default whitespace words and tokens */
  readonly countings?: readonly PaperCounting[];
  /** Everything else about a cell: options of `simulate`. */
  readonly base?: SimulateOptions;
  /** What the summaries hold. @default everything but starvation */
  readonly summary?: SummaryOptions;
  /** Cells whose runs are kept whole: all (true), or those with these labels. @default none */
  readonly keep?: CellMatch;
}

const GRID_OPTIONS = {
  policies: true,
  calibrations: true,
  countings: true,
  base: true,
  summary: true,
  keep: true,
} as const satisfies Names<GridOptions>;

/** The names of {@link GridOptions}, for grids that pass them on. */
export const GRID_OPTION_NAMES: Readonly<Record<string, true>> = GRID_OPTIONS;

/** What tells the cells of the paper's grid apart. */
interface PaperCell {
  readonly policy: string | PolicyDefinition;
  readonly calibration: string;
  readonly counting: PaperCounting;
}

/** Options of `simulate` for a cell: `base`, with policy, calibration and counting of the cell. */
function cellOptions(
  { policy, calibration, counting }: PaperCell,
  base: SimulateOptions,
): SimulateOptions {
  const given = base.scheduler?.estimator as { options?: Record<string, unknown> } | undefined;
  return paperSimulation({
    ...base,
    scheduler: {
      ...base.scheduler,
      policy,
      estimator: { ...given, options: { ...given?.options, counting, calibrator: calibration } },
    },
  });
}

/**
 * Crosses workloads with policies, calibration and counting. Labels: `policy`, `calibration`,
 * `counting`, and those of the workloads. For other axes see `sweep`.
 *
 * @example
 * const grid = paper.crossGrid(paper.paperWorkloads({ seeds: 2 }), { policies: ["fifo", "sjf"] });
 */
export function crossGrid(workloads: readonly GridWorkload[], options: GridOptions = {}): Grid {
  assertKnownNames(options, GRID_OPTIONS, "crossGrid options");
  const {
    policies = PAPER_POLICIES,
    calibrations = PAPER_CALIBRATIONS,
    countings = PAPER_COUNTINGS,
    base = {},
    summary,
    keep,
  } = options;
  return sweep({
    workloads,
    axes: { policy: policies, calibration: calibrations, counting: countings },
    cell: (values) => cellOptions(values, base),
    summary,
    keep,
  });
}

/** Options of {@link paperGrid}. */
export interface PaperGridOptions extends GridOptions {
  /** Paired seeds, `1 … seeds`. @default 30 */
  readonly seeds?: number;
  /** Everything else about the workload. @default the paper's */
  readonly workload?: PaperWorkloadInput;
}

const PAPER_GRID_OPTIONS = {
  seeds: true,
  workload: true,
  ...GRID_OPTIONS,
} as const satisfies Names<PaperGridOptions>;

/**
 * The paper's grid: five policies, calibration off and on, both countings, over paired seeds
 * `1 … seeds`. With 30 seeds that is 600 cells.
 *
 * @throws InputError for an option that is not known, with the known names
 * @example
 * const table = gridTable(await runSweep(paper.paperGrid({ seeds: 2 })));
 */
export function paperGrid(options: PaperGridOptions = {}): Grid {
  assertKnownNames(options, PAPER_GRID_OPTIONS, "paperGrid options");
  const { seeds, workload, ...cross } = options;
  return crossGrid(paperWorkloads({ seeds, workload }), cross);
}
