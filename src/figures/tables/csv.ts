import type { ColumnTable } from "arquero";
import { type CsvCell, writeCsv } from "../../csv/write-csv.ts";

/**
 * A table as CSV (see `writeCsv`): numbers in full precision, nothing for null and NaN, text that a
 * spreadsheet would run made inert.
 */
export function tableToCsv(table: ColumnTable): string {
  const names = table.columnNames();
  return writeCsv(names, rowsOf(table, names));
}

function* rowsOf(table: ColumnTable, names: readonly string[]): Generator<CsvCell[]> {
  for (const row of table) {
    yield names.map((name) => cellOf((row as Record<string, unknown>)[name]));
  }
}

function cellOf(value: unknown): CsvCell {
  if (value === null || value === undefined) return null;
  // Minus zero is no less than zero for a person who reads a table.
  return typeof value === "number" ? value + 0 : String(value);
}
