import { type CsvCell, writeCsv } from "../../csv/write-csv.ts";
import type { Labels } from "../../workload/workload.ts";
import {
  type Metrics,
  METRICS_COLUMNS,
  type MetricsArrays,
  type MetricsKind,
} from "./metrics-columns.ts";

type Cells = (row: number) => CsvCell;

const CELLS: { readonly [K in MetricsKind]: (column: MetricsArrays[K]) => Cells } = {
  label: ({ codes, names }: Labels) => (row) => names[codes[row]],
  id: (ids) => (row) => ids[row],
  count: (counts) => (row) => counts[row] < 0 ? null : counts[row],
  seconds: (seconds) => (row) => seconds[row],
  factor: (factors) => (row) => factors[row],
};

/**
 * The text of the reference's `metrics.csv`: a header and one line a request, lines ended by `\n`.
 * Numbers are written so that they read back as the same double; names that a spreadsheet would run
 * are made inert (see `writeCsv`), which reading undoes. Source: driftsched reference, "What a run
 * writes".
 *
 * @example
 * const text = paper.writeMetricsCsv(paper.runMetrics(run));
 */
export function writeMetricsCsv({ size, columns }: Metrics): string {
  const names = Object.keys(METRICS_COLUMNS) as (keyof typeof METRICS_COLUMNS)[];
  const cells = names.map((name) =>
    (CELLS[METRICS_COLUMNS[name]] as (column: unknown) => Cells)(columns[name])
  );
  const data = Array.from({ length: size }, (_, row) => cells.map((cell) => cell(row)));
  return writeCsv(names, data);
}
