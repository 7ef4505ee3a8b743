import { type CodeCell, type Notebook, textOf } from "../notebook-format.ts";

/** The code cells of a notebook as one module. */
export interface JoinedCells {
  readonly text: string;
  /** The cell and the 1-based line in it that a 1-based line of the module comes from. */
  locate(line: number): { readonly cell: CodeCell; readonly line: number } | null;
}

/** Types of `Deno.jupyter`. */
const HEAD = '/// <reference lib="deno.unstable" />';
/** Makes it a module, so that top-level await and imports are allowed. */
const TAIL = "export {};";
/** Ends a cell whose last expression has no semicolon. */
const BETWEEN = ";";

/** Joins the code cells top to bottom; lines keep their columns. */
export function joinCells(notebook: Notebook): JoinedCells {
  const rows = [HEAD];
  const origins: ({ readonly cell: CodeCell; readonly line: number } | null)[] = [null];
  for (const cell of notebook.cells) {
    if (cell.cell_type !== "code") continue;
    for (const [i, row] of textOf(cell.source).split("\n").entries()) {
      rows.push(row);
      origins.push({ cell, line: i + 1 });
    }
    rows.push(BETWEEN);
    origins.push(null);
  }
  rows.push(TAIL);
  return {
    text: `${rows.join("\n")}\n`,
    locate: (line) => origins[line - 1] ?? null,
  };
}
