import * as Plot from "@observablehq/plot";
import type { ColumnTable } from "arquero";
import { xAxis, yAxis } from "./draw/axes.ts";
import { facetLayout } from "./draw/facet-layout.ts";
import { facetTitles } from "./draw/facet-titles.ts";
import { drawKey } from "./draw/key.ts";
import { drawPicture, type Picture, WIDTH } from "./draw/picture.ts";
import { type Figure, type FigureOptions, makeFigure } from "./figure.ts";
import { readRows, type RowOf, tableOfRows } from "./tables/rows.ts";
import { capitalise } from "./text/capitalise.ts";
import { formatList, formatNumber, formatPercent } from "./text/format.ts";
import { subtitleOf } from "./text/subtitle.ts";
import { INK } from "./theme/palette.ts";
import { labelOf, seriesNames, seriesStyles } from "./theme/series.ts";

const COLUMNS = {
  calibration: "text",
  category: "text",
  estimated: "number",
  actual: "number",
} as const;
type Row = RowOf<typeof COLUMNS>;

/** Options of {@link estimateAgainstActual}. */
export interface EstimateAgainstActualOptions extends FigureOptions {
  /** Unit of both lengths. @default "words" */
  readonly unit?: "words" | "tokens";
}

/** Estimates this close to the mean answer are about right. */
const ABOUT_RIGHT = 0.02;

/** Mean estimate against mean answer: 0.5 is half too long. */
function biasOf(rows: readonly Row[], calibration: string): number {
  let [estimated, actual] = [0, 0];
  for (const row of rows) {
    if (row.calibration !== calibration) continue;
    estimated += row.estimated;
    actual += row.actual;
  }
  return estimated / actual - 1;
}

function inWords(bias: number): string {
  if (Math.abs(bias) < ABOUT_RIGHT) return "about right";
  return `${formatPercent(Math.abs(bias))} too ${bias > 0 ? "long" : "short"}`;
}

function draw(rows: readonly Row[], calibrations: readonly string[], unit: string): Picture {
  const styles = seriesStyles("category", rows.map(({ category }) => category));
  const longest = Math.max(...rows.map(({ estimated, actual }) => Math.max(estimated, actual)));
  const [marginLeft, marginRight, gap] = [48, 12, 34];
  const room = WIDTH - marginLeft - marginRight;
  const size = Math.min(330, (room - (calibrations.length - 1) * gap) / calibrations.length);
  const facets = facetLayout(calibrations, { size, gap });
  return drawPicture({
    width: facets.length + marginLeft + marginRight,
    height: 26 + size + 44,
    marginTop: 26,
    marginLeft,
    marginRight,
    marginBottom: 44,
    fx: facets.scale,
    x: { domain: [0, longest], nice: true },
    y: { domain: [0, longest], nice: true },
    marks: [
      ...yAxis({ ticks: 5 }),
      ...xAxis({ label: `answer that came, ${unit}`, ticks: 5 }),
      Plot.link([longest], {
        x1: 0,
        y1: 0,
        x2: longest,
        y2: longest,
        stroke: INK.light,
        strokeWidth: 1.25,
      }),
      styles.map(({ name, symbol, colour }) =>
        Plot.dot(rows.filter(({ category }) => category === name), {
          fx: "calibration",
          x: "actual",
          y: "estimated",
          symbol,
          fill: colour,
          fillOpacity: 0.6,
          r: 3,
        })
      ),
      facetTitles(
        calibrations.map((name) => ({
          name,
          label: `${capitalise(labelOf("calibration", name, calibrations))}: estimate, ${unit}`,
        })),
        "fx",
      ),
    ],
  });
}

/**
 * Estimated against actual answer length of single requests, calibration off beside on; on the
 * diagonal an estimate is right. Columns: `calibration`, `category`, `estimated`,
 * `actual`, in the unit that `options.unit` names. Draws every row: thin the table first.
 */
export function estimateAgainstActual(
  table: ColumnTable,
  options: EstimateAgainstActualOptions = {},
): Figure {
  const { name = "estimate-against-actual", setting, unit = "words" } = options;
  const rows = readRows(name, table, COLUMNS);
  const calibrations = seriesNames("calibration", rows.map(({ calibration }) => calibration));
  const styles = seriesStyles("category", rows.map(({ category }) => category));
  const finding = formatList(
    calibrations.map((calibration) =>
      `${inWords(biasOf(rows, calibration))} with ${
        labelOf("calibration", calibration, calibrations)
      }`
    ),
  );
  const perPanel = rows.length / calibrations.length;
  return makeFigure({
    name,
    title: `Mean estimates are ${finding}`,
    subtitle: subtitleOf({
      setting,
      shown: `${formatNumber(Math.round(perPanel))} requests a panel`,
      intervals: "none",
      note: "on the line an estimate is right",
    }),
    alt: `Scatter plots of estimated against actual answer length in ${unit}, by category ` +
      `(${formatList(styles.map(({ label }) => label))}). Mean estimates are ${finding}.`,
    table: tableOfRows(rows),
    pictures: [
      drawKey(styles, { width: WIDTH, sample: "symbol" }),
      draw(rows, calibrations, unit),
    ],
  });
}
