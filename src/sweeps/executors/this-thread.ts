import type { Workload } from "../../workload/workload.ts";
import type { SweepCell } from "../cell.ts";
import type { StoredResult } from "../stores/result-store.ts";
import { makeWorkload } from "../workload-source.ts";
import { cellError } from "./cell-error.ts";
import { decodeCell, decodeWorkload } from "./decode-cell.ts";
import type { Executor } from "./executor.ts";
import { type CellGroup, groupCells } from "./group.ts";
import { runCell } from "./run-cell.ts";
import { runCells } from "./run-cells.ts";

/** Milliseconds of work after which an interrupt or a progress bar gets its turn. */
const TURN_MS = 100;

/** Executes groups of cells in this thread. Ends early when `signal` is aborted. */
export async function* runGroups(
  cells: readonly SweepCell[],
  groups: readonly CellGroup[],
  signal?: AbortSignal,
): AsyncGenerator<{ readonly index: number; readonly result: StoredResult }> {
  let turn = -Infinity;
  for (const { indices } of groups) {
    let workload: Workload | null = null;
    for (const index of indices) {
      if (performance.now() - turn > TURN_MS) {
        await new Promise((resolve) => setTimeout(resolve));
        turn = performance.now();
      }
      if (signal?.aborted) return;
      const cell = cells[index];
      let result: StoredResult;
      try {
        workload ??= makeWorkload(decodeWorkload(cell.spec.workload, cell.parts));
        result = runCell(workload, { ...decodeCell(cell.spec, cell.parts), keep: cell.keep });
      } catch (error) {
        throw cellError(cell, error);
      }
      yield { index, result };
    }
  }
}

/** Executes cells one after the other in this thread: what every platform can. */
export const thisThread: Executor = {
  run: (cells, options) =>
    runCells(
      cells,
      options,
      (cells, open) => runGroups(cells, groupCells(cells, open, 1), options.signal),
    ),
};
