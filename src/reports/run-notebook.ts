import { withEndings } from "../errors/with-endings.ts";
import { GivenUpError, guarded } from "./guarded.ts";
import { KernelSession } from "./kernel/kernel-session.ts";
import { type CodeCell, type Notebook, textOf } from "./notebook-format.ts";
import { type CellFailure, RunRecord } from "./run-record.ts";

export interface RunNotebookOptions {
  /** Working directory of the kernel: the notebook's folder. */
  readonly cwd: string;
  /** Environment of the kernel on top of this process's own. */
  readonly env?: Readonly<Record<string, string>>;
  /** Most seconds that a cell may take, the waiting for its outputs included. @default 300 */
  readonly timeoutSeconds?: number;
  /**
   * Most seconds to wait after the last cell for workers and timers that the cells left running; a
   * tenth of it is waited in any case. @default 1
   */
  readonly settleSeconds?: number;
  /** Kills the kernel and ends the run; the cell at work is reported as interrupted. */
  readonly signal?: AbortSignal;
  /** Called before each cell that runs. */
  readonly onCell?: (progress: CellProgress) => void;
}

export interface CellProgress {
  /** 1-based number of the code cell. */
  readonly number: number;
  /** Code cells in the notebook. */
  readonly total: number;
  readonly cell: CodeCell;
}

export interface NotebookRun {
  /** The notebook with its outputs; cells after a failure are left unexecuted. */
  readonly notebook: Notebook;
  /** Empty when every cell succeeded. */
  readonly failures: readonly CellFailure[];
  /** Wall seconds of each code cell; `null` for a cell that was not executed. */
  readonly cellSeconds: readonly (number | null)[];
  /** What a reader should know although nothing failed. */
  readonly warnings: readonly string[];
}

const DEFAULT_TIMEOUT_SECONDS = 300;
const DEFAULT_SETTLE_SECONDS = 1;

/** Ctrl-C in a terminal reaches the kernel as well as us: who hears first is chance, in ms. */
const INTERRUPT_SPREAD = 100;

/** Why `work` on a cell did not come back. */
async function reasonOf(error: unknown, signal?: AbortSignal): Promise<GivenUpError | Error> {
  if (error instanceof GivenUpError || signal === undefined) return error as Error;
  await new Promise((resolve) => setTimeout(resolve, INTERRUPT_SPREAD));
  return signal.aborted
    ? new GivenUpError("interrupted", "The cell was interrupted")
    : error as Error;
}

/**
 * Executes a notebook top to bottom in a fresh Deno kernel of its own and returns it with its
 * outputs; the notebook passed in stays as it is. Execution stops at the first cell that fails, and
 * the run says which one and why: a thrown error, a syntax error, an error that nobody waited for
 * (a floating rejection, a throw in a timer, an error of a worker, an object that cannot be
 * displayed), a time-out, or the death of the kernel. Nothing a cell prints or displays is lost,
 * except `console.log` inside a Worker, which the kernel throws away. The same notebook gives the
 * same outputs, byte for byte, as far as its cells do: no times are recorded in it.
 *
 * The kernel is gone when the promise settles. Rejects only where no kernel can be started.
 */
export async function runNotebook(
  notebook: Notebook,
  options: RunNotebookOptions,
): Promise<NotebookRun> {
  const { timeoutSeconds = DEFAULT_TIMEOUT_SECONDS, settleSeconds = DEFAULT_SETTLE_SECONDS } =
    options;
  const record = new RunRecord(notebook);
  const { cells } = record;
  const cellSeconds: (number | null)[] = cells.map(() => null);
  const session = await KernelSession.start({
    cwd: options.cwd,
    env: options.env,
    onOutput: (type, content) => record.take(type, content),
    onStray: (error) => record.stray(error),
  });

  /** Whether the kernel is still of use afterwards. */
  const attempt = async (work: () => Promise<void>): Promise<boolean> => {
    const guard = { seconds: timeoutSeconds, signal: options.signal, what: "The cell" };
    try {
      await guarded(work(), guard);
      return true;
    } catch (error) {
      const reason = await reasonOf(error, options.signal);
      const { name, message } = reason;
      const kind = reason instanceof GivenUpError ? reason.kind : "kernel death";
      const traceback = [`${name}: ${message}`];
      record.abandon(kind, { ename: name, evalue: message, traceback });
      return false;
    }
  };

  const runCells = async () => {
    let alive = true;
    let begun = false;
    for (const [i, cell] of cells.entries()) {
      const code = textOf(cell.source);
      if (code.trim() === "") continue;
      options.onCell?.({ number: i + 1, total: cells.length, cell });
      record.begin(cell);
      begun = true;
      const start = performance.now();
      alive = await attempt(async () => record.finish(await session.execute(code)));
      cellSeconds[i] = (performance.now() - start) / 1000;
      if (record.failures.length > 0) break;
    }
    if (begun && alive) {
      await attempt(() => session.settle(settleSeconds * 100, settleSeconds * 1000));
    }
  };
  await withEndings(runCells, () => session.close());
  const unheld = `Deno ${Deno.version.deno} gives no hold on the end of a cell: waited for silence`;
  return {
    notebook: record.notebook,
    failures: record.failures,
    cellSeconds,
    warnings: [...session.holdsCells ? [] : [unheld], ...record.warnings],
  };
}
