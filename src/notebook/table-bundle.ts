import type { ColumnTable } from "arquero";
import { type HtmlTableOptions, leftOut, tableToHtml } from "../figures/tables/html-table.ts";

/** A table as Jupyter wants it: HTML, and the rows shown as text with tabs between the columns. */
export function tableBundle(
  table: ColumnTable,
  options: HtmlTableOptions,
): { readonly "text/html": string; readonly "text/plain": string } {
  const { caption, limit = 200 } = options;
  const rows = table.numRows();
  const lines = [
    caption,
    table.slice(0, limit).toCSV({ delimiter: "\t" }).trimEnd(),
    rows > limit ? leftOut(limit, rows) : undefined,
  ];
  return {
    "text/html": tableToHtml(table, options),
    "text/plain": lines.filter((line) => line !== undefined && line !== "").join("\n"),
  };
}
