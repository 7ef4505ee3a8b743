import { z } from "zod";
import { RUN_COLUMNS } from "./run-columns.ts";

export const RUN_FORMAT = "driftsched run";
export const RUN_VERSION = 1;

/** A column as JSON; its values are looked at one by one, so that an error can name the row. */
const Column = z.custom<readonly unknown[]>(Array.isArray, { error: "an array" });

/** A label column: names, and per request the place of its name. */
const LabelColumn = z.strictObject({
  type: z.enum(["uint8", "uint16", "int32"]),
  names: z.array(z.string()),
  codes: Column,
});

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
    workload: z.strictObject({
      source: z.string(),
      seed: z.int().optional(),
      parameters: Plain.optional(),
      steps: z.array(z.string()).optional(),
    }),
    scheduler: Plain,
    engine: Plain,
  }),
  phases: z.array(z.strictObject({
    name: z.string(),
    first: z.int().min(0),
    afterDrainSeconds: z.number().min(0),
  })).min(1),
  phaseStart: Column,
  /** What arrived: the columns of the workload's requests. */
  requests: z.strictObject({
    tenant: LabelColumn,
    tier: LabelColumn,
    category: LabelColumn,
    arrival: Column,
    maxTokens: Column,
    promptTokens: Column,
    promptWords: Column.optional(),
  }),
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
