import { cellName } from "./cell-name.ts";
import { CellOutputs } from "./kernel/cell-outputs.ts";
import type { KernelError } from "./kernel/kernel-error.ts";
import type { StrayError } from "./kernel/kernel-session.ts";
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

/** Characters of a line of an error, and its lines, that are kept at most. */
const MOST_ERROR_LINE = 64 * 2 ** 10;
const MOST_TRACEBACK_LINES = 200;

function shortened(text: string): string {
  if (text.length <= MOST_ERROR_LINE) return text;
  return `${text.slice(0, MOST_ERROR_LINE)}… (${text.length} characters)`;
}

type ErrorOutput = Extract<Output, { output_type: "error" }>;

/**
 * What is known of one execution of a notebook: its outputs so far and what has failed.
 *
 * Errors stand last in their cell. The kernel sends the error that ends a cell past the queue of
 * the cell's other outputs, and errors nobody waited for come when they come: their place among the
 * other outputs is chance.
 */
export class RunRecord {
  readonly notebook: Notebook;
  readonly cells: readonly CodeCell[];
  readonly failures: CellFailure[] = [];
  /** What could not be placed, in words. */
  readonly warnings: readonly string[];

  #outputs = new CellOutputs();
  #executed: CodeCell[] = [];
  /** The cell at work; what fails in it is shown when it ends. */
  #current: CodeCell | null = null;
  #errors: KernelError[] = [];
  #strays: KernelError[] = [];

  /** Starts from a copy of `notebook` without outputs. */
  constructor(notebook: Notebook) {
    this.notebook = withoutOutputs(notebook);
    this.cells = this.notebook.cells.filter((cell) => cell.cell_type === "code");
    this.warnings = this.#outputs.warnings;
  }

  /** From now on outputs belong to `cell`. */
  begin(cell: CodeCell): void {
    this.#executed.push(cell);
    this.#current = cell;
    cell.execution_count = this.#executed.length;
    this.#outputs.begin(cell.outputs, cellName(this.notebook, cell));
  }

  /** Takes a message of the kernel's output channel. */
  take(type: string, content: Record<string, unknown>): void {
    if (type === "error") this.#errors.push(content as unknown as KernelError);
    else this.#outputs.take(type, content);
  }

  /** Takes an error nobody waited for; it belongs to the cell that caused it where that is known. */
  stray(error: StrayError): void {
    const cell = this.#executed[(error.executionCount ?? 0) - 1] ?? this.#executed.at(-1);
    if (cell === undefined) return;
    const named = { ...error, evalue: `${error.evalue} (${error.kind})` };
    if (cell === this.#current) this.#strays.push(named);
    else this.#fail(cell, "stray error", named);
  }

  /**
   * The cell at work has ended, with its error or well. An error that the kernel sent of a cell
   * that ended well comes from an object that could not be displayed.
   */
  finish(error: KernelError | null): void {
    const own = error === null
      ? -1
      : this.#errors.findLastIndex((sent) => sent.evalue === error.evalue);
    this.#showErrors(own < 0 ? this.#errors : this.#errors.toSpliced(own, 1));
    if (error !== null) this.#fail(this.#executed.at(-1)!, "error", error);
  }

  /** The cell at work has not ended, and will not. */
  abandon(kind: CellFailure["kind"], error: KernelError): void {
    this.#showErrors(this.#errors);
    this.#fail(this.#executed.at(-1)!, kind, error);
  }

  #showErrors(errors: readonly KernelError[]): void {
    const cell = this.#executed.at(-1)!;
    for (const error of errors) this.#fail(cell, "error", error);
    for (const error of this.#strays) this.#fail(cell, "stray error", error);
    this.#errors = [];
    this.#strays = [];
    this.#current = null;
  }

  #fail(cell: CodeCell, kind: CellFailure["kind"], error: KernelError): void {
    const { ename } = error;
    const evalue = shortened(error.evalue);
    const traceback = error.traceback.slice(0, MOST_TRACEBACK_LINES).map(shortened);
    const shown: ErrorOutput = { output_type: "error", ename, evalue, traceback: [...traceback] };
    cell.outputs.push(shown);
    const name = cellName(this.notebook, cell);
    this.failures.push({ cell: name, cellId: cell.id, kind, ename, evalue, traceback });
  }
}
