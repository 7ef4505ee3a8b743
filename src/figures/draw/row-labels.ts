import * as Plot from "@observablehq/plot";
import { textWidth } from "../text/width.ts";
import { INK } from "../theme/palette.ts";
import type { SeriesStyle } from "../theme/series.ts";

type Labelled = Pick<SeriesStyle, "name" | "label">;

const FONT_SIZE = 12.5;
const PADDING = 10;

/** Margin that the names of rows need, in pixels. */
export function rowLabelsWidth(rows: readonly Labelled[]): number {
  const widest = Math.max(...rows.map(({ label }) => textWidth(label, FONT_SIZE)));
  return Math.ceil(widest) + PADDING + 4;
}

/** Names of rows at the left of the drawing: an axis without its lines. */
export function rowLabels(rows: readonly Labelled[]): Plot.Markish {
  return Plot.axisY(rows.map(({ name }) => name), {
    tickSize: 0,
    tickPadding: PADDING,
    label: null,
    tickFormat: (name: string) => rows.find((row) => row.name === name)?.label ?? name,
    fontSize: FONT_SIZE,
    fill: INK.light,
  });
}
