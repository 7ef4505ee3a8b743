/** Places along one axis of a grid of cells. */
export interface CellEdges {
  /** Different values, ascending; shape (n). */
  readonly values: readonly number[];
  /** Where cells begin and end: halfway between values; shape (n + 1). */
  readonly edges: readonly number[];
}

/** Edges of the cells around values on an axis; the outer cells reach as far out as in. */
export function cellEdges(at: Iterable<number>): CellEdges {
  const values = [...new Set(at)].sort((a, b) => a - b);
  const last = values.length - 1;
  if (last === 0) return { values, edges: [values[0] - 0.5, values[0] + 0.5] };
  const between = values.slice(1).map((value, i) => (values[i] + value) / 2);
  return {
    values,
    edges: [
      2 * values[0] - between[0],
      ...between,
      2 * values[last] - between[last - 1],
    ],
  };
}
