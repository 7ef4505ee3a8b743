import * as Plot from "@observablehq/plot";
import { INK } from "../theme/palette.ts";
import type { SeriesStyle } from "../theme/series.ts";

/** Names of rows at the left of the drawing: an axis without its lines. */
export function rowLabels(rows: readonly Pick<SeriesStyle, "name" | "label">[]): Plot.Markish {
  return Plot.axisY(rows.map(({ name }) => name), {
    tickSize: 0,
    tickPadding: 10,
    label: null,
    tickFormat: (name: string) => rows.find((row) => row.name === name)?.label ?? name,
    fontSize: 12.5,
    fill: INK.light,
  });
}
