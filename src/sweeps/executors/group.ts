import type { SweepCell } from "../cell.ts";

/** Cells that share a workload and are executed by one worker, one after the other. */
export interface CellGroup {
  /** Places in the list of cells. */
  readonly indices: readonly number[];
  /** Whether the cells can run in this thread only. */
  readonly local: boolean;
}

/**
 * Groups cells by workload, in order of appearance. Where there are fewer groups than workers, the
 * largest are cut in two, so that nobody is idle; their workload is then made twice.
 *
 * @param indices places of the cells that are to be executed
 */
export function groupCells(
  cells: readonly SweepCell[],
  indices: readonly number[],
  workers: number,
): CellGroup[] {
  const byWorkload = Map.groupBy(
    indices,
    (index) => `${cells[index].workload}${cells[index].key === null ? " here" : ""}`,
  );
  const groups = [...byWorkload.values()].map((group): CellGroup => ({
    indices: group,
    local: cells[group[0]].key === null,
  }));
  while (groups.filter(({ local }) => !local).length < workers) {
    const sizes = groups.map((group) => group.local ? 0 : group.indices.length);
    const largest = sizes.indexOf(Math.max(0, ...sizes));
    if (largest < 0 || sizes[largest] < 2) break;
    const { indices: all, local } = groups[largest];
    const half = Math.ceil(all.length / 2);
    groups.splice(
      largest,
      1,
      { indices: all.slice(0, half), local },
      { indices: all.slice(half), local },
    );
  }
  return groups;
}
