import { DISPLAY, type Displayable } from "../figures/display.ts";
import type { HtmlTableOptions } from "../figures/tables/html-table.ts";
import { asTable, type TableLike } from "./as-table.ts";
import { notebook } from "./notebook.ts";
import { tableBundle } from "./table-bundle.ts";

/**
 * A table as the result of a cell: caption, heads with their scope, numbers to the right, everything
 * escaped, column names too. Takes an Arquero table, an array of rows as objects, or a danfojs
 * `DataFrame`; an `InputError` refuses anything else.
 *
 * @example
 * showTable(table, { caption: "Latency by policy", digits: 1, limit: 20 });
 * @example
 * showTable([{ policy: "fifo", seconds: 1.5 }, { policy: "sjf", seconds: 0.9 }]);
 */
export function showTable(table: TableLike, options: HtmlTableOptions = {}): Displayable {
  notebook();
  const shown = asTable(table);
  return { [DISPLAY]: () => tableBundle(shown, options) };
}
