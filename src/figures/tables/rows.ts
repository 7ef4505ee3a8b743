import * as aq from "arquero";
import { InputError } from "../../errors/input-error.ts";

/** What a column holds; with `?` it may be missing, whole or cell by cell. */
export type ColumnKind = "text" | "text?" | "number" | "number?";

/** Columns that a figure reads, by name. */
export type Columns = Readonly<Record<string, ColumnKind>>;

/** A row with these columns. */
export type RowOf<C extends Columns> = {
  readonly [K in keyof C]: C[K] extends "text" ? string
    : C[K] extends "text?" ? string | null
    : C[K] extends "number" ? number
    : number | null;
};

const EXPECTED: Readonly<Record<ColumnKind, string>> = {
  text: "text",
  "text?": "text or nothing",
  number: "a finite number",
  "number?": "a finite number or nothing",
};

function isMissing(value: unknown): boolean {
  return value === null || value === undefined || Number.isNaN(value);
}

function cell(value: unknown, kind: ColumnKind): string | number | null | undefined {
  if (kind.endsWith("?") && isMissing(value)) return null;
  if (kind.startsWith("text")) return typeof value === "string" ? value : undefined;
  return typeof value === "number" && Number.isFinite(value) ? value : undefined;
}

/**
 * Reads the columns that a figure draws. An {@link InputError} names the figure, the row, the column
 * and the value where a figure would otherwise draw nothing or nonsense.
 */
export function readRows<const C extends Columns>(
  figure: string,
  table: aq.ColumnTable,
  columns: C,
): RowOf<C>[] {
  const file = `table of figure ${figure}`;
  const length = table.numRows();
  if (length === 0) throw new InputError({ file, value: "no rows", expected: "at least one row" });
  const names = Object.keys(columns);
  const arrays = names.map((name): ArrayLike<unknown> => {
    if (table.column(name) != null) return table.array(name) as ArrayLike<unknown>;
    if (columns[name].endsWith("?")) return new Array(length).fill(null);
    throw new InputError({
      file,
      field: name,
      value: `columns ${table.columnNames().join(", ")}`,
      expected: `a column ${name}`,
    });
  });
  return Array.from({ length }, (_, row) =>
    Object.fromEntries(names.map((name, column) => {
      const raw = arrays[column][row];
      const value = cell(raw, columns[name]);
      if (value !== undefined) return [name, value];
      // Row 1 is the header, as in the CSV of the same table.
      throw new InputError({
        file,
        row: row + 2,
        field: name,
        value: raw,
        expected: EXPECTED[columns[name]],
      });
    })) as RowOf<C>);
}

/**
 * Rows as a table, columns in the order of the first row.
 *
 * @param drawn columns to keep: those that are drawn. @default all
 */
export function tableOfRows(rows: readonly object[], drawn?: Columns): aq.ColumnTable {
  if (drawn === undefined) return aq.from([...rows]);
  const names = Object.keys(drawn);
  return aq.from(
    rows.map((row) =>
      Object.fromEntries(names.map((name) => [name, (row as Record<string, unknown>)[name]]))
    ),
  );
}
