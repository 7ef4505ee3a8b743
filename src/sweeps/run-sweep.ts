import { InputError } from "../errors/input-error.ts";
import { assertKnownNames } from "../errors/known-names.ts";
import type { Run } from "../runs/run.ts";
import { addressCells } from "./address-cells.ts";
import { type CellLabels, labelText } from "./cell-labels.ts";
import { editedSince } from "./code-version.ts";
import type { Executor } from "./executors/executor.ts";
import { thisThread } from "./executors/this-thread.ts";
import { inWorkers } from "./executors/workers.ts";
import type { Grid } from "./grid.ts";
import { defaultStore } from "./stores/default-store.ts";
import { noStore } from "./stores/no-store.ts";
import type { ResultStore } from "./stores/result-store.ts";

/** One cell of a {@link SweepResult}. */
export interface SweptCell {
  readonly labels: CellLabels;
  /** Shape (names); null: not done yet (interrupted). */
  readonly values: Float64Array | null;
  /** The whole run without its prompts, where it was kept. */
  readonly run: Run | null;
}

/** The results of the cells of a sweep, in the order of its grid. */
export interface SweepResult {
  /** Names of the summaries, see `RunSummary`; none where no cell is done. */
  readonly names: readonly string[];
  readonly cells: readonly SweptCell[];
}

/** A sweep that was stopped before its end. Its finished cells are in the store and in `partial`. */
export class SweepInterrupted extends Error {
  override readonly name = "SweepInterrupted";
  constructor(readonly partial: SweepResult) {
    const done = partial.cells.filter(({ values }) => values !== null).length;
    super(`Sweep interrupted: ${done} of ${partial.cells.length} cells are done`);
  }
}

/** Options of {@link runSweep}. */
export interface SweepOptions {
  /** Workers side by side; 0 runs in this thread. Results do not depend on it. @default cores */
  readonly workers?: number;
  /** Who executes the cells, in place of `workers`. @default workers */
  readonly executor?: Executor;
  /**
   * Where results are kept and looked up; "off": nowhere. @default the folder `runs/cells` of the
   * checkout, or what the environment variable DRIFTSCHED_STORE names (a folder, or "off")
   */
  readonly store?: ResultStore | "off";
  /** Called with cells done and cells in all: at the start, then after each cell. */
  readonly onProgress?: (done: number, total: number) => void;
  /** Called with notices: nothing failed, but a person should know. @default console.warn */
  readonly onNotice?: (text: string) => void;
  /** Stops the sweep: it rejects with {@link SweepInterrupted}. */
  readonly signal?: AbortSignal;
  /** Version of the code that simulates, part of every key. @default a digest of the sources */
  readonly codeVersion?: string;
}

const SWEEP_OPTIONS = {
  workers: true,
  executor: true,
  store: true,
  onProgress: true,
  onNotice: true,
  signal: true,
  codeVersion: true,
} as const satisfies Record<keyof SweepOptions, true>;

function executorOf({ executor, workers }: SweepOptions): Executor {
  if (executor !== undefined) return executor;
  if (workers === 0) return thisThread;
  if (workers !== undefined && !(Number.isInteger(workers) && workers > 0)) {
    throw new InputError({
      file: "runSweep options",
      field: "workers",
      value: workers,
      expected: "an integer >= 0",
    });
  }
  return inWorkers({ workers });
}

/** The store of a sweep; none where the code that runs is not the code that keys would name. */
function storeOf({ store, codeVersion }: SweepOptions, onNotice: (text: string) => void) {
  if (store === "off") return noStore;
  const given = store ?? defaultStore();
  if (given === noStore || codeVersion !== undefined) return given;
  const edited = editedSince(performance.timeOrigin);
  if (edited === null) return given;
  onNotice(
    `${edited} was edited after this process started: stored results are not used, and new ones ` +
      "are not stored, until the process is restarted",
  );
  return noStore;
}

/**
 * Executes all cells of a grid and returns their summaries in the order of the grid, whatever the
 * number of workers. Results that the store has are not simulated again, and each new one is kept
 * as soon as it is there: after an interrupt, a crash or a restart the same call goes on where the
 * last one was. A cell that fails stops the sweep with an error that names its labels and workload.
 *
 * @example
 * const done = await runSweep(grid, { workers: 2 });
 */
export async function runSweep(grid: Grid, options: SweepOptions = {}): Promise<SweepResult> {
  assertKnownNames(options, SWEEP_OPTIONS, "runSweep options");
  const { onProgress, signal, codeVersion, onNotice = console.warn } = options;
  const executor = executorOf(options);
  const store = storeOf(options, onNotice);
  // Without a store the keys only tell equal cells: the version of the code is not looked up.
  const version = store === noStore ? "" : codeVersion;
  const cells = await addressCells(grid, { codeVersion: version });
  const swept: { values: Float64Array | null; run: Run | null }[] = cells.map(() => ({
    values: null,
    run: null,
  }));
  let names: readonly string[] = [];
  let done = 0;
  onProgress?.(done, cells.length);
  for await (const result of executor.run(cells, { signal, store, onNotice })) {
    const { labels, keep } = cells[result.index];
    if (done === 0) names = result.names;
    else if (names !== result.names && names.join("\n") !== result.names.join("\n")) {
      throw new Error(
        `Cell ${labelText(labels)}: its summary has other names than the others of the sweep`,
      );
    }
    swept[result.index] = { values: result.values, run: keep ? result.run ?? null : null };
    done++;
    onProgress?.(done, cells.length);
  }
  const whole = { names, cells: swept.map((each, i) => ({ labels: cells[i].labels, ...each })) };
  if (done < cells.length) throw new SweepInterrupted(whole);
  return whole;
}
