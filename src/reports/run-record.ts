import { cellName } from "./cell-name.ts";
import { CellOutputs } from "./kernel/cell-outputs.ts";
import type { KernelError, StrayError } from "./kernel/kernel-session.ts";
import type { CodeCell, Notebook, Output } from "./notebook-format.ts";

export interface CellFailure extends KernelError {
  /** `cell 7 (id abc123, …)`. */
  readonly cell: string;
  readonly cellId: string;
  readonly kind: "error" | "stray error" | "time-out" | "kernel death" | "interrupted";
}

function withoutOutputs(notebook: Notebook): Notebook {
  const copy = structuredClone(notebook);
  for (const cell of copy.cells) {
    if (cell.cell_type !== "code") continue;
    cell.outputs = [];
    cell.execution_count = null;
  }
  return copy;
}

/** What is known of one execution of a notebook: its outputs so far and what has failed. */
export class RunRecord {
  readonly notebook: Notebook;
  readonly cells: readonly CodeCell[];
  readonly failures: CellFailure[] = [];
  readonly outputs = new CellOutputs();

  #executed: CodeCell[] = [];
  #counted = new Set<Output>();

  /** Starts from a copy of `notebook` without outputs. */
  constructor(notebook: Notebook) {
    this.notebook = withoutOutputs(notebook);
    this.cells = this.notebook.cells.filter((cell) => cell.cell_type === "code");
  }

  /** From now on outputs belong to `cell`. */
  begin(cell: CodeCell): void {
    this.#executed.push(cell);
    cell.execution_count = this.#executed.length;
    this.outputs.begin(cell.outputs);
  }

  /** Notes a failure and shows it in the cell, below all else. */
  fail(cell: CodeCell, kind: CellFailure["kind"], error: KernelError): void {
    const { ename, evalue, traceback } = error;
    const shown: Output = { output_type: "error", ename, evalue, traceback: [...traceback] };
    cell.outputs.push(shown);
    this.#count(cell, kind, shown);
  }

  /** Notes an error nobody waited for, in the cell that caused it where that is known. */
  stray(error: StrayError): void {
    const cell = this.#executed[(error.executionCount ?? 0) - 1] ?? this.#executed.at(-1);
    const evalue = `${error.evalue} (${error.kind})`;
    if (cell !== undefined) this.fail(cell, "stray error", { ...error, evalue });
  }

  /**
   * Settles what a cell that has ended left behind. The kernel sends the error that ended a cell
   * past the queue of the cell's other outputs, so its place among them is chance: it goes last.
   * An `error` output of a cell that ended well comes from an object that could not be displayed.
   */
  finish(cell: CodeCell, error: KernelError | null): void {
    const uncounted = cell.outputs.filter((output) =>
      output.output_type === "error" && !this.#counted.has(output)
    );
    const ended = error === null
      ? undefined
      : uncounted.findLast((output) =>
        output.output_type === "error" && output.evalue === error.evalue
      );
    for (const output of uncounted) {
      if (output === ended) cell.outputs.splice(cell.outputs.indexOf(output), 1);
      else this.#count(cell, "error", output);
    }
    if (error !== null) this.fail(cell, "error", error);
  }

  #count(cell: CodeCell, kind: CellFailure["kind"], output: Output): void {
    if (output.output_type !== "error") return;
    const { ename, evalue, traceback } = output;
    this.#counted.add(output);
    const name = cellName(this.notebook, cell);
    this.failures.push({ cell: name, cellId: cell.id, kind, ename, evalue, traceback });
  }
}
