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
 * Every column of a {@link Run} that has one number a request, but for those of `beliefs`
 * (`phaseStart` has one a phase). A column added to `Run` does not compile until it stands here, so no
 * file can forget it.
 */
export const RUN_COLUMNS = {
  status: { type: "uint8", least: 0 },
  arrival: { type: "float64" },
  start: { type: "float64" },
  scheduled: { type: "float64" },
  firstToken: { type: "float64" },
  finish: { type: "float64" },
  server: { type: "int32", least: -1 },
  preemptions: { type: "int32", least: -1 },
  cachedTokens: { type: "int32", least: -1 },
  batch: { type: "int32", least: -1 },
  batchSize: { type: "int32", least: -1 },
  outputTokens: { type: "int32", least: -1 },
  inputLength: { type: "int32", least: -1 },
  estimatedOutput: { type: "float64" },
  actualOutput: { type: "int32", least: -1 },
  feedbackPlace: { type: "int32", least: -1 },
} as const satisfies Record<Exclude<NumericColumn, "phaseStart">, ColumnSpec>;

/** Columns that files of version 1 lack: what is read in their place. */
export const SINCE_VERSION_2 = {
  scheduled: NaN,
  server: -1,
  preemptions: -1,
  cachedTokens: -1,
} as const satisfies Partial<Record<keyof typeof RUN_COLUMNS, number>>;

/** Columns of version 1 that were one estimator's, with the names of the beliefs that they are now. */
export const BELIEFS_OF_VERSION_1 = {
  baseTokens: "base",
  bias: "factor",
  safetyFactor: "safetyFactor",
  inputFactor: "inputFactor",
  feedbackOld: "factorBefore",
  feedbackMeasured: "ratio",
  feedbackNew: "factorAfter",
} as const;
