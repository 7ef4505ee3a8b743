import { expect, test } from "vitest";
import { cellBorders } from "../../../src/figures/draw/cell-borders.ts";
import { cellEdges } from "../../../src/figures/draw/cell-edges.ts";

const grid = { x: cellEdges([0, 1, 2]), y: cellEdges([0, 1]) };

test("the border of one inner corner cell is its two inner edges", () => {
  expect(cellBorders(grid, (column, row) => column === 0 && row === 0)).toEqual([
    { x1: 0.5, x2: 0.5, y1: -0.5, y2: 0.5 },
    { x1: -0.5, x2: 0.5, y1: 0.5, y2: 0.5 },
  ]);
});

test("no border where all cells are on one side, nor next to a missing cell", () => {
  expect(cellBorders(grid, () => true)).toEqual([]);
  expect(cellBorders(grid, (column) => column === 0 ? true : column === 1 ? null : false))
    .toEqual([]);
});
