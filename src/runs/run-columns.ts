import type { Run } from "./run.ts";

/** How a column is kept in a file. */
export interface ColumnSpec {
  readonly type: "float64" | "int32" | "uint8";
  /** Least value allowed; none: any, NaN included. */
  readonly least?: number;
}

type NumericColumn = {
  [K in keyof Run]: Run[K] extends Float64Array | Int32Array | Uint8Array ? K : never;
}[keyof Run];

/**
 * Every column of a {@link Run} that has one number a request (`phaseStart` has one a phase). A
 * column added to `Run` does not compile until it stands here, so no file can forget it.
 */
export const RUN_COLUMNS = {
  status: { type: "uint8", least: 0 },
  arrival: { type: "float64" },
  start: { type: "float64" },
  firstToken: { type: "float64" },
  finish: { type: "float64" },
  batch: { type: "int32", least: -1 },
  batchSize: { type: "int32", least: -1 },
  outputTokens: { type: "int32", least: -1 },
  inputLength: { type: "int32", least: -1 },
  estimatedOutput: { type: "int32", least: -1 },
  actualOutput: { type: "int32", least: -1 },
  totalBudget: { type: "int32", least: -1 },
  baseTokens: { type: "float64" },
  bias: { type: "float64" },
  safetyFactor: { type: "float64" },
  inputFactor: { type: "float64" },
  feedbackOld: { type: "float64" },
  feedbackMeasured: { type: "float64" },
  feedbackNew: { type: "float64" },
  feedbackPlace: { type: "int32", least: -1 },
} as const satisfies Record<Exclude<NumericColumn, "phaseStart">, ColumnSpec>;
