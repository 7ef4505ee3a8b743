import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { parseHTML } from "linkedom";
import { type CodeCell, Notebook, textOf } from "../../src/reports/notebook-format.ts";
import { runNotebook } from "../../src/reports/run-notebook.ts";

/** What a code cell gives when our own runner executes it, which loses nothing. */
export interface CellByRunner {
  readonly outputs: number;
  /** `<svg>` elements in them; one inside another counts once. */
  readonly figures: number;
}

function figuresIn(cell: CodeCell): number {
  const html = cell.outputs.flatMap((output) => {
    if (!("data" in output)) return [];
    const shown = output.data["text/html"] ?? output.data["image/svg+xml"];
    return shown === undefined ? [] : [textOf(shown as string | string[])];
  });
  return html.map((text) => {
    const { document } = parseHTML(`<html><body>${text}</body></html>`);
    return [...document.querySelectorAll("svg")]
      .filter((svg) => !svg.parentElement!.closest("svg")).length;
  }).reduce((sum, count) => sum + count, 0);
}

/**
 * Executes the notebook file with `runNotebook()` and counts, for each code cell, what it gives.
 * Figures that the notebook writes go to a folder that is removed again.
 */
export async function executedByRunner(path: string): Promise<readonly CellByRunner[]> {
  const figures = await mkdtemp(join(tmpdir(), "driftsched-figures-"));
  try {
    const notebook = Notebook.parse(JSON.parse(await readFile(path, "utf8")));
    const { notebook: executed, failures } = await runNotebook(notebook, {
      cwd: dirname(path),
      env: { DRIFTSCHED_FIGURES: figures, DRIFTSCHED_NOTEBOOK: basename(path, ".ipynb") },
    });
    if (failures.length > 0) throw new Error(`${path}: ${JSON.stringify(failures[0])}`);
    return executed.cells
      .filter((cell) => cell.cell_type === "code")
      .map((cell) => ({ outputs: cell.outputs.length, figures: figuresIn(cell) }));
  } finally {
    await rm(figures, { recursive: true, force: true });
  }
}
