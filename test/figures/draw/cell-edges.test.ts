import { expect, test } from "vitest";
import { cellEdges } from "../../../src/figures/draw/cell-edges.ts";

test("edges lie halfway between values, the outer cells reach as far out as in", () => {
  expect(cellEdges([4, 1, 2, 1])).toEqual({ values: [1, 2, 4], edges: [0.5, 1.5, 3, 5] });
});

test("a single value has a cell of width 1", () => {
  expect(cellEdges([3])).toEqual({ values: [3], edges: [2.5, 3.5] });
});
