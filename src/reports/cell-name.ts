import { type Cell, type Notebook, textOf } from "./notebook-format.ts";

/** Longest first line shown in a cell's name, in characters. */
const LONGEST_LINE = 60;

/** The first line of a cell that is not blank, shortened. */
export function firstLineOf(cell: Cell): string {
  const line = textOf(cell.source).split("\n").find((text) => text.trim() !== "")?.trim() ?? "";
  return line.length > LONGEST_LINE ? `${line.slice(0, LONGEST_LINE - 1)}…` : line;
}

/**
 * What a message calls a code cell: "cell 7 (id abc123, `const runs = simulate(…)`)". Code cells
 * count from 1, top to bottom: in a fresh run that is the number Jupyter shows beside the cell.
 */
export function cellName(notebook: Notebook, cell: Cell): string {
  const number = notebook.cells.filter((each) => each.cell_type === "code")
    .findIndex((each) => each === cell) + 1;
  return `cell ${number} (id ${cell.id}, \`${firstLineOf(cell)}\`)`;
}
