/** What tells a cell from the others: a label by the name of each axis, and those of its workload. */
export type CellLabels = Readonly<Record<string, string | number>>;

/** Labels as text: `policy=sjf, seed=4`. */
export function labelText(labels: CellLabels): string {
  return Object.entries(labels).map(([axis, label]) => `${axis}=${label}`).join(", ");
}
