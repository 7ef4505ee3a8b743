/** What tells a cell from the others: a label by the name of each axis, and those of its workload. */
export type CellLabels = Readonly<Record<string, string | number>>;
