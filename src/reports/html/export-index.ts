import type { Provenance } from "./provenance.ts";

export interface IndexEntry {
  /** Name of the notebook without folder and ending. */
  readonly name: string;
  readonly title: string;
  /** Relative link from the index to the report. */
  readonly href: string;
  readonly failed: boolean;
  /** Duration of the execution, seconds of wall clock. */
  readonly durationSeconds: number;
}

export interface ExportIndexOptions {
  readonly provenance: Provenance;
}

/** One self-contained HTML page that links the reports of a run. */
export function exportIndex(
  entries: readonly IndexEntry[],
  options: ExportIndexOptions,
): string {
  throw new Error(`exportIndex is not written yet: ${entries.length}, ${options.provenance.deno}`);
}
