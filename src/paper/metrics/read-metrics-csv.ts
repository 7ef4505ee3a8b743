import Papa from "papaparse";
import { withFormula } from "../../csv/formula.ts";
import { InputError, type InputProblem } from "../../errors/input-error.ts";
import type { Labels } from "../../workload/workload.ts";
import {
  type Metrics,
  METRICS_COLUMNS,
  type MetricsArrays,
  type MetricsKind,
} from "./metrics-columns.ts";

const MOST_PROBLEMS = 20;
const LARGEST_COUNT = 2 ** 31 - 1;
const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;

/** Says what is wrong with the cell of a data row, counted from 0. */
type Refuse = (row: number, value: string, expected: string) => void;
type Read<K extends MetricsKind> = (cells: readonly string[], refuse: Refuse) => MetricsArrays[K];

function readLabels(cells: readonly string[]): Labels {
  const codeOf = new Map<string, number>();
  const codes = Int32Array.from(cells, (text) => {
    const cell = withFormula(text);
    const code = codeOf.get(cell) ?? codeOf.size;
    codeOf.set(cell, code);
    return code;
  });
  return { codes, names: [...codeOf.keys()] };
}

function readCounts(cells: readonly string[], refuse: Refuse): Int32Array {
  return Int32Array.from(cells, (cell, row) => {
    if (cell === "") return -1;
    const value = Number(cell);
    if (/^\d+$/.test(cell) && value <= LARGEST_COUNT) return value;
    refuse(row, cell, `an integer from 0 to ${LARGEST_COUNT}, or nothing`);
    return -1;
  });
}

function readNumbers(cells: readonly string[], refuse: Refuse): Float64Array {
  return Float64Array.from(cells, (cell, row) => {
    if (cell === "") return NaN;
    const value = Number(cell);
    if (NUMBER.test(cell) && Number.isFinite(value)) return value;
    refuse(row, cell, "a number, or nothing");
    return NaN;
  });
}

const READ: { readonly [K in MetricsKind]: Read<K> } = {
  label: readLabels,
  id: (cells) => cells.map(withFormula),
  count: readCounts,
  seconds: readNumbers,
  factor: readNumbers,
};

function checkHeader(header: readonly string[], file: string): void {
  const known = Object.keys(METRICS_COLUMNS);
  const problems: InputProblem[] = [
    ...known.filter((name) => !header.includes(name))
      .map((field) => ({ file, row: 1, field, expected: "a column of this name" })),
    ...header.filter((name) => !known.includes(name))
      .map((value) => ({ file, row: 1, value, expected: "a column of metrics.csv" })),
    ...header.filter((name, at) => header.indexOf(name) !== at)
      .map((value) => ({ file, row: 1, value, expected: "every column once" })),
  ];
  if (problems.length > 0) throw new InputError(problems);
}

/**
 * Reads the text of a `metrics.csv`, the reference's or our own: columns by name in any order, byte
 * order mark and CRLF allowed. Throws an InputError that names `file`, the row (the header is 1),
 * the field, the value and what was expected; the first 20 problems. Source: driftsched reference,
 * "What a run writes".
 *
 * @param file name of the file, for messages
 */
export function readMetricsCsv(text: string, file: string): Metrics {
  const parsed = Papa.parse<string[]>(text, { delimiter: "," });
  const [header, ...rows] = parsed.data;
  if (header === undefined) throw new InputError({ file, row: 1, expected: "a header" });
  // The line end after the last row.
  if (rows.at(-1)?.join("") === "") rows.pop();
  checkHeader(header, file);
  const problems = parsed.errors.map(({ row = 0, message }): InputProblem => (
    { file, row: row + 1, expected: `CSV (${message})` }
  ));
  rows.forEach((row, i) => {
    if (row.length === header.length) return;
    const expected = `${header.length} cells`;
    problems.push({ file, row: i + 2, value: `${row.length} cells`, expected });
  });
  const columns = header.map((field, at) => {
    const cells = rows.map((row) => row[at] ?? "");
    const refuse: Refuse = (row, value, expected) =>
      problems.push({ file, row: row + 2, field, value, expected });
    return [field, READ[METRICS_COLUMNS[field as keyof typeof METRICS_COLUMNS]](cells, refuse)];
  });
  if (problems.length > 0) throw new InputError(problems.slice(0, MOST_PROBLEMS));
  return { size: rows.length, columns: Object.fromEntries(columns) as Metrics["columns"] };
}
