import * as z from "zod";
import { Column } from "./label-column.ts";
import { PhasesFile, RequestsFile } from "./requests-file.ts";

export const WORKLOAD_FORMAT = "driftsched workload";
export const WORKLOAD_VERSION = 1;

/** How a workload came to be, as a file has it. */
export const WorkloadProvenanceFile = z.strictObject({
  source: z.string(),
  seed: z.int().optional(),
  parameters: z.record(z.string(), z.json()).optional(),
  steps: z.array(z.string()).optional(),
});

/**
 * The file of a workload (version 1): JSON, one line a column, numbers as JavaScript writes them (the
 * shortest text that reads back as the same double).
 */
export const WorkloadFile = z.strictObject({
  format: z.literal(WORKLOAD_FORMAT),
  version: z.literal(WORKLOAD_VERSION),
  name: z.string(),
  /** Requests. */
  size: z.int().min(0),
  provenance: WorkloadProvenanceFile,
  phases: PhasesFile,
  requests: RequestsFile,
  /** How long the answers really are: nothing that reads `requests` may look here. */
  truth: z.strictObject({ outputTokens: Column, outputWords: Column.optional() }),
});
export type WorkloadFile = z.output<typeof WorkloadFile>;
