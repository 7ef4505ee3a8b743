import { expect, test } from "vitest";
import { cellName, firstLineOf } from "../../src/reports/cell-name.ts";
import type { Notebook } from "../../src/reports/notebook-format.ts";
import { notebookOf } from "./notebook-of.ts";

test("cellName() counts code cells from 1 and shows the first line that is not blank", () => {
  const notebook: Notebook = notebookOf("1", "\n\n  const runs = simulate();\nruns");
  notebook.cells.unshift({ cell_type: "markdown", id: "m", metadata: {}, source: "# T" });
  expect(cellName(notebook, notebook.cells[2])).toBe("cell 2 (id c2, `const runs = simulate();`)");
});

test("firstLineOf() shortens a long line and is empty for an empty cell", () => {
  const [long, empty] = notebookOf("x".repeat(61), "").cells;
  expect(firstLineOf(long)).toBe(`${"x".repeat(59)}…`);
  expect(firstLineOf(empty)).toBe("");
});
