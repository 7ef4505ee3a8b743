import type { SweepCell } from "../cell.ts";
import type { ResultStore, StoredResult } from "../stores/result-store.ts";

/** What came of a cell. */
export interface CellResult extends StoredResult {
  /** Place of the cell in the list that the executor was given. */
  readonly index: number;
  /** Whether the store had it. */
  readonly stored: boolean;
}

/** Options of {@link Executor.run}. */
export interface ExecuteOptions {
  /** Stops the work: the results end early, without an error. */
  readonly signal?: AbortSignal;
  /** Asked first, told after. */
  readonly store: ResultStore;
  /** Told once of each thing that a person should know although nothing failed. */
  readonly onNotice?: (text: string) => void;
}

/**
 * Who works through the cells of a sweep. Results come in any order and do not depend on the executor.
 * A cell that fails ends them with an error that names its labels and its workload. A workload is made
 * once for the cells that share it, as far as that is quicker.
 */
export interface Executor {
  run(cells: readonly SweepCell[], options: ExecuteOptions): AsyncIterable<CellResult>;
}
