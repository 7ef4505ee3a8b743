import type { ColumnTable } from "arquero";
import { h } from "hastscript";
import { toHtml } from "hast-util-to-html";
import { formatNumber } from "../text/format.ts";

/** Options of {@link tableToHtml}. */
export interface HtmlTableOptions {
  /** What the table shows; also its name for screen readers. @default none */
  readonly caption?: string;
  /** Digits after the point in columns that hold fractions. @default four significant digits */
  readonly digits?: number;
  /** Rows shown; a last line says how many were left out. @default 200 */
  readonly limit?: number;
}

/** For a page without a stylesheet of its own: notebooks. */
export const TABLE_STYLE = ".ds-table .number{text-align:right;font-variant-numeric:tabular-nums}" +
  ".ds-table :is(th,td):not(.number){text-align:left}.ds-table caption{text-align:left}";

const NOTHING = "–";

function decimalsOf(values: readonly unknown[], digits: number | undefined): number {
  const numbers = values.filter((value): value is number =>
    typeof value === "number" && Number.isFinite(value)
  );
  if (numbers.every(Number.isInteger)) return 0;
  if (digits !== undefined) return digits;
  const largest = numbers.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  return Math.min(6, Math.max(0, 3 - Math.floor(Math.log10(largest))));
}

/** A value that is no number: a date in ISO form, an object or a list as JSON. */
function textOf(value: unknown): string {
  if (value instanceof Date) return Number.isNaN(+value) ? String(value) : value.toISOString();
  if (typeof value !== "object") return String(value);
  return ArrayBuffer.isView(value) ? `[${String(value)}]` : JSON.stringify(value) ?? String(value);
}

/** One column as text, and whether it is one of numbers. */
function columnText(
  values: readonly unknown[],
  digits: number | undefined,
): { readonly numeric: boolean; readonly cells: readonly string[] } {
  const present = values.filter((value) => value !== null && value !== undefined);
  const numeric = present.length > 0 &&
    present.every((value) => typeof value === "number" || typeof value === "bigint");
  const decimals = decimalsOf(values, digits);
  return {
    numeric,
    cells: values.map((value) => {
      if (value === null || value === undefined || Number.isNaN(value)) return NOTHING;
      return typeof value === "number" ? formatNumber(value, { decimals }) : textOf(value);
    }),
  };
}

/**
 * A table as HTML: caption, heads with their scope, numbers to the right with as many decimals down a
 * whole column. Cells and column names are escaped; there is no way for them to become markup.
 */
export function tableToHtml(table: ColumnTable, options: HtmlTableOptions = {}): string {
  const { caption, digits, limit = 200 } = options;
  const rows = table.numRows();
  const shown = Math.min(rows, limit);
  const names = table.columnNames();
  const columns = names.map((name) =>
    columnText(Array.from(table.array(name) as ArrayLike<unknown>).slice(0, shown), digits)
  );
  const kind = (column: number) => columns[column].numeric ? { class: "number" } : {};
  const body = Array.from(
    { length: shown },
    (_, row) => h("tr", columns.map(({ cells }, column) => h("td", kind(column), cells[row]))),
  );
  const rest = rows > shown
    ? h("tfoot", h("tr", h("td", { colSpan: names.length }, leftOut(shown, rows))))
    : null;
  return toHtml([
    h("style", TABLE_STYLE),
    h("table.ds-table", [
      caption === undefined ? null : h("caption", caption),
      h(
        "thead",
        h("tr", names.map((name, column) => h("th", { scope: "col", ...kind(column) }, name))),
      ),
      h("tbody", body),
      rest,
    ]),
  ]);
}

/** Says how many rows of how many are shown. */
export function leftOut(shown: number, rows: number): string {
  return `The first ${formatNumber(shown)} of ${formatNumber(rows)} rows`;
}
