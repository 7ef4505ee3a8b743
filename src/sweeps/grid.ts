import * as aq from "arquero";
import type { SummaryOptions } from "../analysis/summarize-run.ts";
import type { SimulateOptions } from "../simulation/simulate.ts";
import type { PaperWorkloadInput } from "../paper/workload.ts";
import { POLICIES } from "../policies/registry.ts";
import { paperSimulation } from "../paper/simulate.ts";
import type { SweepResult } from "./run-sweep.ts";
import type { SweepTask } from "./task.ts";
import type { WorkloadSource } from "./workload-source.ts";

/** A sweep with the labels of its cells. */
export interface Grid {
  readonly tasks: readonly SweepTask[];
  /** One row a cell, task by task: `policy`, `calibration`, `counting`, `seed` and the like. */
  readonly labels: readonly Readonly<Record<string, string | number>>[];
}

/** Which cells a grid has. */
export interface GridOptions {
  /** @default every policy of the registry */
  readonly policies?: readonly string[];
  /** Calibrators; `none` is calibration off. @default ["none", "ema"] */
  readonly calibrators?: readonly string[];
  /** @default ["split", "tokenizer"] */
  readonly countings?: readonly ("split" | "tokenizer")[];
  /** Everything else about a cell. */
  readonly base?: SimulateOptions;
  /** What a cell's summary holds. @default everything */
  readonly summary?: SummaryOptions;
}

/** A workload of a grid, with its labels: at least the seed that its runs are paired by. */
export interface GridWorkload {
  readonly source: WorkloadSource;
  readonly labels: Readonly<Record<string, string | number>> & { readonly seed: number };
}

/** Crosses workloads with policies, calibration and counting. */
export function crossGrid(workloads: readonly GridWorkload[], options: GridOptions = {}): Grid {
  const {
    policies = POLICIES.names,
    calibrators = ["none", "ema"],
    countings = ["split", "tokenizer"],
    base = {},
    summary,
  } = options;
  const variants = policies.flatMap((policy) =>
    calibrators.flatMap((calibration) =>
      countings.map((counting) => ({ policy, calibration, counting }))
    )
  );
  const cells = variants.map(({ policy, calibration, counting }): SimulateOptions => {
    const given = base.scheduler?.estimator as { options?: Record<string, unknown> } | undefined;
    return paperSimulation({
      ...base,
      scheduler: {
        ...base.scheduler,
        policy,
        estimator: { ...given, options: { ...given?.options, counting, calibrator: calibration } },
      },
    });
  });
  return {
    tasks: workloads.map(({ source }) => ({ workload: source, cells, summary })),
    labels: workloads.flatMap(({ labels }) =>
      variants.map((variant) => ({ ...variant, ...labels }))
    ),
  };
}

/**
 * The paper's grid: five policies, calibration off and on, both countings, over paired seeds
 * `1 … seeds`. With 30 seeds that is 600 cells.
 */
export function paperGrid(
  { seeds = 30, workload = {}, ...options }:
    & GridOptions
    & { readonly seeds?: number; readonly workload?: PaperWorkloadInput } = {},
): Grid {
  const workloads = Array.from({ length: seeds }, (_, i): GridWorkload => ({
    source: { source: "paper", parameters: { ...workload, seed: i + 1 } },
    labels: { seed: i + 1 },
  }));
  return crossGrid(workloads, options);
}

/** One row a cell: its labels, then every name of its summary. Refuses an unfinished sweep. */
export function gridTable({ labels }: Grid, { names, tasks }: SweepResult): aq.ColumnTable {
  const columns: Record<string, (string | number)[] | Float64Array> = {};
  for (const key of Object.keys(labels[0] ?? {})) columns[key] = labels.map((row) => row[key]);
  names.forEach((name, k) => {
    const column = new Float64Array(labels.length);
    let row = 0;
    for (const values of tasks) {
      if (values === null) throw new Error("Cannot tabulate a sweep that is not finished");
      for (let at = k; at < values.length; at += names.length) column[row++] = values[at];
    }
    columns[name] = column;
  });
  return aq.table(columns);
}
