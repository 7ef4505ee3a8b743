import Papa from "papaparse";
import type { Labels } from "../workload/workload.ts";
import {
  type Metrics,
  METRICS_COLUMNS,
  type MetricsArrays,
  type MetricsKind,
} from "./metrics-columns.ts";

type Cells = (row: number) => string;

function number(value: number): string {
  if (Number.isNaN(value)) return "";
  return Object.is(value, -0) ? "-0" : String(value);
}

const CELLS: { readonly [K in MetricsKind]: (column: MetricsArrays[K]) => Cells } = {
  label: ({ codes, names }: Labels) => (row) => names[codes[row]],
  id: (ids) => (row) => ids[row],
  count: (counts) => (row) => counts[row] < 0 ? "" : String(counts[row]),
  seconds: (seconds) => (row) => number(seconds[row]),
  factor: (factors) => (row) => number(factors[row]),
};

/**
 * The text of the reference's `metrics.csv`: a header and one line a request, lines ended by `\n`.
 * Numbers are written so that they read back as the same double.
 *
 * @example
 * const text = writeMetricsCsv(runMetrics(run));
 */
export function writeMetricsCsv({ size, columns }: Metrics): string {
  const names = Object.keys(METRICS_COLUMNS) as (keyof typeof METRICS_COLUMNS)[];
  const cells = names.map((name) =>
    (CELLS[METRICS_COLUMNS[name]] as (column: unknown) => Cells)(columns[name])
  );
  const data = Array.from({ length: size }, (_, row) => cells.map((cell) => cell(row)));
  return `${Papa.unparse([names, ...data], { newline: "\n" })}\n`;
}
