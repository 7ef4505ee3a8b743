import type { ColumnTable } from "arquero";
import { DISPLAY, type Displayable } from "../figures/display.ts";
import { type HtmlTableOptions, tableToHtml } from "../figures/tables/html-table.ts";

/**
 * An Arquero table as the result of a cell: caption, heads with their scope, numbers to the right,
 * everything escaped, column names too.
 *
 * @example
 * showTable(table, { caption: "Latency by policy", digits: 1, limit: 20 });
 */
export function showTable(table: ColumnTable, options: HtmlTableOptions): Displayable {
  const { caption, limit = 200 } = options;
  return {
    [DISPLAY]: () => ({
      "text/html": tableToHtml(table, options),
      "text/plain": `${caption}\n${table.slice(0, limit).toCSV({ delimiter: "\t" })}`.trimEnd(),
    }),
  };
}
