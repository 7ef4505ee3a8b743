import * as z from "zod";
import { Column, LabelColumn } from "../workload/file/label-column.ts";
import { PhasesFile, RequestsFile } from "../workload/file/requests-file.ts";
import { WorkloadProvenanceFile } from "../workload/file/workload-file.ts";
import { BELIEFS_OF_VERSION_1, RUN_COLUMNS, SINCE_VERSION_2 } from "./run-columns.ts";

export const RUN_FORMAT = "driftsched run";
/** Version that is written. */
export const RUN_VERSION = 2;

const Plain = z.record(z.string(), z.json());

type Name = keyof typeof RUN_COLUMNS;
const numberColumns = Object.keys(RUN_COLUMNS) as Name[];

function columns<N extends string>(names: readonly N[]) {
  return Object.fromEntries(names.map((name) => [name, Column])) as Record<N, typeof Column>;
}

/** A column of numbers among the beliefs. */
export const NumberBelief = z.strictObject({ type: z.enum(["float64", "int32"]), values: Column });

const shared = {
  format: z.literal(RUN_FORMAT),
  /** Requests. */
  size: z.int().min(0),
  provenance: z.strictObject({
    workload: WorkloadProvenanceFile,
    scheduler: Plain,
    engine: Plain,
  }),
  phases: PhasesFile,
  phaseStart: Column,
  /** What arrived: the columns of the workload's requests. */
  requests: RequestsFile,
};

/**
 * The file of a run (version 2): JSON, one line a column, numbers as JavaScript writes them (the
 * shortest text that reads back as the same double), `null` for "never came" (NaN).
 */
export const RunFile = z.strictObject({
  ...shared,
  version: z.literal(RUN_VERSION),
  /** What happened to it. */
  columns: z.strictObject(columns(numberColumns)),
  /** What the estimator believed and learned, by its own names. */
  beliefs: z.record(z.string(), z.union([NumberBelief, LabelColumn])),
});
export type RunFile = z.output<typeof RunFile>;

type NameInVersion1 = Exclude<Name, keyof typeof SINCE_VERSION_2>;
const inVersion1 = numberColumns.filter((name): name is NameInVersion1 =>
  !(name in SINCE_VERSION_2)
);

/**
 * The file of a run, version 1, which is still read: it knew one estimator, whose beliefs were
 * columns, and dropped what the server knew beyond the first and the last token.
 */
export const RunFileVersion1 = z.strictObject({
  ...shared,
  version: z.literal(1),
  columns: z.strictObject({
    believedCategory: LabelColumn,
    totalBudget: Column,
    ...columns(inVersion1),
    ...columns(Object.keys(BELIEFS_OF_VERSION_1) as (keyof typeof BELIEFS_OF_VERSION_1)[]),
  }),
});
export type RunFileVersion1 = z.output<typeof RunFileVersion1>;
