import * as aq from "arquero";
import type { ReadReport } from "../workload/readers/read-report.ts";

/** A trace's name and what its reader reported. */
export interface NamedReport {
  readonly trace: string;
  readonly report: ReadReport;
}

/**
 * What readers did with their files, one row a trace. Columns: `trace`, `format`, `rows` (read),
 * `kept`, `refused`, `set aside` (how many rows, and why), `assumed` (what the file does not say).
 */
export function readerReports(traces: readonly NamedReport[]): aq.ColumnTable {
  return aq.from(traces.map(({ trace, report }) => ({
    trace,
    format: report.format,
    rows: report.rowsRead,
    kept: report.rowsKept,
    refused: report.rowsRefused,
    "set aside": report.setAside.map(({ reason, rows }) => `${rows}: ${reason}`).join("; "),
    assumed: report.assumptions.join("; "),
  })));
}
