import * as aq from "arquero";
import { InputError } from "../errors/input-error.ts";

/** What is read of a danfojs `DataFrame` or `Series`, so that its megabytes are not loaded to show one. */
export interface Frame {
  readonly columns: readonly string[];
  readonly index: readonly (string | number)[];
  readonly values: unknown;
}

/** What can be shown as a table: an Arquero table, rows as objects, or a danfojs frame. */
export type TableLike = aq.ColumnTable | readonly object[] | Frame;

// Not `instanceof`: a cell may have another copy of Arquero.
function isTable(value: object): value is aq.ColumnTable {
  return "numRows" in value && "columnNames" in value;
}

function isFrame(value: object): value is Frame {
  return "columns" in value && "index" in value && "values" in value;
}

/** Rows with all columns that any of them has, in order of appearance. */
function tableOfRows(rows: readonly object[]): aq.ColumnTable {
  const names = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  return aq.table(
    names.map((name) => [name, rows.map((row) => (row as Record<string, unknown>)[name] ?? null)]),
    names,
  );
}

/** A frame's columns behind its index, which becomes a column named `indexName`. */
export function tableOfFrame(
  { columns, index, values }: Frame,
  indexName = "",
): aq.ColumnTable {
  const rows = values as readonly unknown[];
  const cell = (row: unknown, column: number) => Array.isArray(row) ? row[column] : row;
  const named: [string, unknown[]][] = columns.map((name, column) => [
    name,
    rows.map((row) => cell(row, column)),
  ]);
  return aq.table([[indexName, [...index]], ...named]);
}

/** The table of whatever looks like one. An {@link InputError} refuses what does not. */
export function asTable(value: TableLike): aq.ColumnTable {
  if (typeof value === "object" && value !== null) {
    if (Array.isArray(value)) {
      if (value.every((row) => typeof row === "object" && row !== null)) return tableOfRows(value);
    } else if (isTable(value)) return value;
    else if (isFrame(value)) return tableOfFrame(value);
  }
  throw new InputError({
    file: "showTable",
    field: "table",
    value: Array.isArray(value) ? "an array of other things than rows" : value,
    expected: "an Arquero table, an array of rows as objects, or a danfojs DataFrame",
  });
}
