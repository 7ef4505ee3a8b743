import type { ColumnTable } from "arquero";

/** What a spreadsheet would take for a formula. */
const FORMULA = /^[=+\-@\t\r]/;

function inert(value: unknown): unknown {
  if (typeof value === "string") return FORMULA.test(value) ? `'${value}` : value;
  return typeof value === "number" && Number.isNaN(value) ? null : value;
}

/**
 * A table as CSV (RFC 4180 quoting, lines end in LF, one at the end of the file): numbers in full
 * precision, nothing for null and NaN. Text that a spreadsheet would run as a formula gets a leading
 * apostrophe, column names too.
 */
export function tableToCsv(table: ColumnTable): string {
  const names = table.columnNames();
  const safeNames = Object.fromEntries(names.map((name) => [name, String(inert(name))]));
  const format = Object.fromEntries(Object.values(safeNames).map((name) => [name, inert]));
  return `${table.rename(safeNames).toCSV({ format }).replace(/\n+$/, "")}\n`;
}
