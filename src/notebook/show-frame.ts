import type { Displayable } from "../figures/display.ts";
import type { HtmlTableOptions } from "../figures/tables/html-table.ts";
import { type Frame, tableOfFrame } from "./as-table.ts";
import { showTable } from "./show-table.ts";

/**
 * A danfojs-node `DataFrame` as the result of a cell, its index as the first column.
 *
 * @example
 * import { DataFrame } from "danfojs-node";
 * const frame = new DataFrame({ tokens: [12, 480, 31] });
 * showFrame(frame.describe(), { caption: "Lengths", indexName: "statistic" });
 */
export function showFrame(
  frame: Frame,
  { indexName = "", ...options }: HtmlTableOptions & { readonly indexName?: string } = {},
): Displayable {
  return showTable(tableOfFrame(frame, indexName), options);
}
