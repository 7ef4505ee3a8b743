import * as aq from "arquero";
import type { SweepResult } from "./run-sweep.ts";

/** One row a cell: its labels, then every name of its summary. Refuses an unfinished sweep. */
export function gridTable({ names, cells }: SweepResult): aq.ColumnTable {
  const columns: Record<string, (string | number)[] | Float64Array> = {};
  for (const axis of Object.keys(cells[0]?.labels ?? {})) {
    columns[axis] = cells.map(({ labels }) => labels[axis]);
  }
  const summaries = names.map(() => new Float64Array(cells.length));
  cells.forEach(({ values }, row) => {
    if (values === null) throw new Error("Cannot tabulate a sweep that is not finished");
    for (let k = 0; k < names.length; k++) summaries[k][row] = values[k];
  });
  names.forEach((name, k) => columns[name] = summaries[k]);
  return aq.table(columns);
}
