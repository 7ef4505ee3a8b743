import { expect, test } from "vitest";
import { joinCells } from "../../../src/reports/check/joined-cells.ts";
import { notebookOf } from "../notebook-of.ts";

test("joinCells() keeps every line of code, and locate() leads from each back to its cell", () => {
  const notebook = notebookOf("const a = 1;\na", "", "(2 + a)\n  .toFixed()");
  notebook.cells.splice(1, 0, { cell_type: "markdown", id: "m", metadata: {}, source: "a = b" });
  const { text, locate } = joinCells(notebook);
  const rows = text.split("\n");
  const found = rows.map((row, i) => ({ row, at: locate(i + 1) })).filter(({ at }) => at !== null)
    .map(({ row, at }) => [at!.cell.id, at!.line, row]);
  expect(found).toEqual([
    ["c1", 1, "const a = 1;"],
    ["c1", 2, "a"],
    ["c2", 1, ""],
    ["c3", 1, "(2 + a)"],
    ["c3", 2, "  .toFixed()"],
  ]);
  expect(text).not.toContain("a = b");
  expect(locate(0)).toBeNull();
  expect(locate(rows.length + 5)).toBeNull();
});

test("joinCells() ends each cell, so that a last expression does not call into the next", () => {
  expect(joinCells(notebookOf("a", "(b)")).text).toContain("a\n;\n(b)\n;\n");
});
