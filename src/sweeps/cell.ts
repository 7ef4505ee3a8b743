import type { Column, Json } from "./encode.ts";
import type { CellLabels } from "./cell-labels.ts";

/**
 * What a cell is, as JSON: names and plain values. Marks stand for the rest: `{ $column, type }` for a
 * typed array, by the SHA-256 of its bytes; `{ $module, export, digest }` for a definition that a
 * worker can import; `{ $object, name }` for one that exists in this thread only.
 */
export interface CellSpec {
  /** The workload's source. */
  readonly workload: Json;
  /** Options of `simulate`. */
  readonly options: Json;
  /** What the summary holds. */
  readonly summary: Json;
}

/** What the marks of a spec stand for in this process. */
export interface CellParts {
  /** By SHA-256. */
  readonly columns: ReadonlyMap<string, Column>;
  /** By `moduleKey`. */
  readonly modules: ReadonlyMap<string, object>;
  /** By number. */
  readonly objects: ReadonlyMap<number, object>;
}

/** One cell of a sweep, ready to be executed anywhere. */
export interface SweepCell {
  /**
   * SHA-256 of the spec in its canonical form and of the version of the code, 32 hexadecimal digits:
   * the name of its result in a store, the same on every machine. Null where a definition is a plain
   * object, whose code cannot be told: such a cell runs in this thread and is not stored.
   */
  readonly key: string | null;
  readonly spec: CellSpec;
  /** The same for cells that share a workload, in this sweep. */
  readonly workload: string;
  readonly labels: CellLabels;
  /** Whether the run itself is wanted, besides its summary. Not part of the key. */
  readonly keep: boolean;
  readonly parts: CellParts;
}

/** Labels as text: `policy=sjf, seed=4`. */
export function labelText(labels: CellLabels): string {
  return Object.entries(labels).map(([axis, label]) => `${axis}=${label}`).join(", ");
}
