import type { CodeCell, Notebook, Output } from "../../src/reports/notebook-format.ts";

/** A notebook of code cells with the ids c1, c2, … */
export function notebookOf(...sources: readonly string[]): Notebook {
  const cells = sources.map((source, i): CodeCell => ({
    cell_type: "code",
    id: `c${i + 1}`,
    metadata: {},
    execution_count: null,
    source,
    outputs: [],
  }));
  return { nbformat: 4, nbformat_minor: 5, metadata: {}, cells };
}

/** The outputs of the code cells, top to bottom. */
export function outputsOf(notebook: Notebook): Output[][] {
  return notebook.cells.flatMap((cell) => cell.cell_type === "code" ? [cell.outputs] : []);
}
