import * as aq from "arquero";
import { type Displayable } from "../figures/display.ts";
import type { HtmlTableOptions } from "../figures/tables/html-table.ts";
import { showTable } from "./show-table.ts";

/** What is read of a danfojs `DataFrame`, so that its megabytes are not loaded to show one. */
export interface Frame {
  readonly columns: readonly string[];
  readonly index: readonly (string | number)[];
  readonly values: unknown;
}

/**
 * A danfojs-node `DataFrame` as the result of a cell, its index as the first column.
 *
 * @example
 * showFrame(frame.describe(), { caption: "Lengths" });
 */
export function showFrame(
  { columns, index, values }: Frame,
  { indexName = "", ...options }: HtmlTableOptions & { readonly indexName?: string },
): Displayable {
  const rows = values as readonly (readonly unknown[])[];
  const table = aq.table({
    [indexName]: index,
    ...Object.fromEntries(columns.map((name, column) => [name, rows.map((row) => row[column])])),
  });
  return showTable(table, options);
}
