import type { CellEdges } from "./cell-edges.ts";

/** A straight line, in the values of the axes. */
export interface Border {
  readonly x1: number;
  readonly x2: number;
  readonly y1: number;
  readonly y2: number;
}

/** A grid of cells by its two axes. */
export interface CellGrid {
  readonly x: CellEdges;
  readonly y: CellEdges;
}

/**
 * Edges between neighbouring cells of which one is inside and the other is not: the border of an
 * area without guessing how values run between the cells.
 *
 * @param isInside by column and row, from 0; null where there is no cell
 */
export function cellBorders(
  { x, y }: CellGrid,
  isInside: (column: number, row: number) => boolean | null,
): Border[] {
  const differ = (a: boolean | null, b: boolean | null) => a !== null && b !== null && a !== b;
  const borders: Border[] = [];
  x.values.forEach((_, column) =>
    y.values.forEach((_, row) => {
      const here = isInside(column, row);
      if (column + 1 < x.values.length && differ(here, isInside(column + 1, row))) {
        const edge = x.edges[column + 1];
        borders.push({ x1: edge, x2: edge, y1: y.edges[row], y2: y.edges[row + 1] });
      }
      if (row + 1 < y.values.length && differ(here, isInside(column, row + 1))) {
        const edge = y.edges[row + 1];
        borders.push({ x1: x.edges[column], x2: x.edges[column + 1], y1: edge, y2: edge });
      }
    })
  );
  return borders;
}
