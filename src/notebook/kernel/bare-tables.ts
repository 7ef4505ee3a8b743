import { ColumnTable } from "arquero";
import { DISPLAY } from "../../figures/display.ts";
import { tableBundle } from "../table-bundle.ts";

/** Rows of a table that a cell ends with; `showTable(table, { limit })` shows as many as asked for. */
const ROWS_SHOWN = 20;

/**
 * Lets every Arquero table show itself at the end of a cell, results of verbs too. The method has a
 * name that only Jupyter asks for; a table is otherwise what it was. Idempotent.
 */
export function showBareTables(): void {
  Object.defineProperty(ColumnTable.prototype, DISPLAY, {
    configurable: true,
    writable: true,
    value(this: ColumnTable) {
      return tableBundle(this, { limit: ROWS_SHOWN });
    },
  });
}
