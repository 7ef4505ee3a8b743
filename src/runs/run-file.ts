import { z } from "zod";
import { Column, LabelColumn } from "../workload/file/label-column.ts";
import { PhasesFile, RequestsFile } from "../workload/file/requests-file.ts";
import { WorkloadProvenanceFile } from "../workload/file/workload-file.ts";
import { RUN_COLUMNS } from "./run-columns.ts";

export const RUN_FORMAT = "driftsched run";
export const RUN_VERSION = 1;

const Plain = z.record(z.string(), z.json());
const numberColumns = Object.keys(RUN_COLUMNS) as (keyof typeof RUN_COLUMNS)[];

/**
 * The file of a run (version 1): JSON, one line a column, numbers as JavaScript writes them (the
 * shortest text that reads back as the same double), `null` for "never came" (NaN).
 */
export const RunFile = z.strictObject({
  format: z.literal(RUN_FORMAT),
  version: z.literal(RUN_VERSION),
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
  /** What happened to it. */
  columns: z.strictObject({
    believedCategory: LabelColumn,
    ...Object.fromEntries(numberColumns.map((name) => [name, Column])) as Record<
      keyof typeof RUN_COLUMNS,
      typeof Column
    >,
  }),
});
export type RunFile = z.output<typeof RunFile>;
