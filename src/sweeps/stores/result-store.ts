import type { Run } from "../../runs/run.ts";

/** What is kept of a cell. */
export interface StoredResult {
  /** Names of the summary, see `RunSummary`. */
  readonly names: readonly string[];
  /** Shape (names). Kept to the bit. */
  readonly values: Float64Array;
  /** The whole run without its prompts, where it was wanted. */
  readonly run?: Run;
}

/**
 * Results of cells by key. A store is a memory, not a judge: whatever it cannot read is as if it were
 * not there, and the cell is simulated again.
 */
export interface ResultStore {
  /**
   * The result of a cell; null where there is none.
   *
   * @param key see `SweepCell`
   */
  get(key: string, options?: GetOptions): Promise<StoredResult | null>;
  /** Keeps a result; an older one of that key gives way to it. */
  put(key: string, result: StoredResult): Promise<void>;
}

/** Options of {@link ResultStore.get}. */
export interface GetOptions {
  /** Whether the whole run is needed: a result without it is then no result. @default false */
  readonly run?: boolean;
}
