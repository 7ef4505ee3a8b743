import { summarizeRun, type SummaryOptions } from "../analysis/summarize-run.ts";
import { simulate, type SimulateOptions } from "../simulation/simulate.ts";
import { makeWorkload, type WorkloadSource } from "./workload-source.ts";

/** One workload and the ways to run it: a unit of work that a worker does in one go. */
export interface SweepTask {
  readonly workload: WorkloadSource;
  /** One cell each. */
  readonly cells: readonly SimulateOptions[];
  /** What a cell's summary holds. @default everything */
  readonly summary?: SummaryOptions;
}

/** Summaries of a task's cells: cell after cell, each in the order of `names`. */
export interface TaskSummaries {
  readonly names: readonly string[];
  /** Shape (cells × names). */
  readonly values: Float64Array;
}

/** Runs the cells of a task, one after the other, on one workload. */
export function runTask(task: SweepTask): TaskSummaries {
  const workload = makeWorkload(task.workload);
  let names: readonly string[] = [];
  let values = new Float64Array(0);
  task.cells.forEach((options, cell) => {
    const summary = summarizeRun(simulate(workload, options), task.summary);
    if (cell === 0) {
      names = summary.names;
      values = new Float64Array(names.length * task.cells.length);
    }
    values.set(summary.values, cell * names.length);
  });
  return { names, values };
}
