import * as Plot from "@observablehq/plot";
import type { ColumnTable } from "arquero";
import { xAxis, yAxis } from "./draw/axes.ts";
import { endLabels, endLabelsWidth } from "./draw/end-labels.ts";
import { facetLayout } from "./draw/facet-layout.ts";
import { facetTitles } from "./draw/facet-titles.ts";
import { drawPicture, type Picture, WIDTH } from "./draw/picture.ts";
import { type Figure, type FigureOptions, makeFigure } from "./figure.ts";
import { readRows, type RowOf, tableOfRows } from "./tables/rows.ts";
import { capitalise } from "./text/capitalise.ts";
import { formatList, formatNumber } from "./text/format.ts";
import { subtitleOf } from "./text/subtitle.ts";
import { INK } from "./theme/palette.ts";
import { labelOf, seriesNames, seriesStyles } from "./theme/series.ts";

const COLUMNS = {
  counting: "text",
  category: "text",
  request: "number",
  factor: "number",
  low: "number?",
  high: "number?",
} as const;
type Row = RowOf<typeof COLUMNS>;

/** A factor within this distance of 1 hardly changes an estimate. */
const NEAR = 0.1;

/** Last row of each category of a counting mode. */
function endsOf(rows: readonly Row[], counting: string): Row[] {
  const ends = new Map<string, Row>();
  for (const row of rows) if (row.counting === counting) ends.set(row.category, row);
  return [...ends.values()];
}

/** Where the factors of a counting mode come to rest, in words that their intervals bear out. */
function restOf(rows: readonly Row[], counting: string): string {
  const ends = endsOf(rows, counting);
  const factors = ends.map(({ factor }) => factor);
  const range = `between ${formatNumber(Math.min(...factors), { decimals: 2 })} and ${
    formatNumber(Math.max(...factors), { decimals: 2 })
  }`;
  const where = `with ${labelOf("counting", counting)}`;
  const certainlyNear = ends.every(({ factor, low, high }) =>
    (low ?? factor) >= 1 - NEAR && (high ?? factor) <= 1 + NEAR
  );
  if (certainlyNear) return `stay within ${NEAR} of 1 ${where}`;
  const certainlyFar = ends.some(({ factor, low, high }) =>
    (high ?? factor) < 1 - NEAR || (low ?? factor) > 1 + NEAR
  );
  return certainlyFar
    ? `end ${range} ${where}`
    : `end ${range}, not clearly more than ${NEAR} from 1, ${where}`;
}

function draw(rows: readonly Row[], countings: readonly string[]): Picture {
  const styles = seriesStyles("category", rows.map(({ category }) => category));
  const facets = facetLayout(countings, { size: 190, gap: 40 });
  const ends = countings.flatMap((counting) =>
    endsOf(rows, counting).map(({ request, factor, category }) => {
      const style = styles.find(({ name }) => name === category)!;
      const label = `${style.label} ${formatNumber(factor, { decimals: 2 })}`;
      return { x: request, y: factor, style, label, facet: counting };
    })
  );
  return drawPicture({
    width: WIDTH,
    height: facets.length + 24 + 44,
    marginTop: 24,
    marginLeft: 44,
    marginRight: endLabelsWidth(ends.map(({ label }) => label)),
    marginBottom: 44,
    fy: facets.scale,
    y: { nice: true },
    marks: [
      ...yAxis({ ticks: 5, tickFormat: (factor) => formatNumber(factor, { decimals: 1 }) }),
      ...xAxis({ label: "finished requests learned from", grid: false }),
      Plot.ruleY([1], { stroke: INK.light }),
      styles.map(({ name, colour, dash }) => {
        const series = rows.filter(({ category }) => category === name);
        const at = { fy: "counting", x: "request" };
        return [
          Plot.areaY(series, {
            ...at,
            y1: (row: Row) => row.low ?? row.factor,
            y2: (row: Row) => row.high ?? row.factor,
            fill: colour,
            fillOpacity: 0.18,
          }),
          Plot.lineY(series, {
            ...at,
            y: "factor",
            stroke: colour,
            strokeWidth: 2,
            strokeDasharray: dash,
          }),
        ];
      }),
      ...endLabels(ends, { facet: "fy" }),
      facetTitles(
        countings.map((counting) => ({
          name: counting,
          label: `${capitalise(labelOf("counting", counting))}: factor on the base estimate`,
        })),
        "fy",
      ),
    ],
  });
}

/**
 * Calibration factor per category while requests finish, one panel per counting mode; the line at 1
 * is an estimate left as it was. Columns: `counting`, `category`, `request` (finished requests),
 * `factor`, `low`, `high`.
 */
export function calibrationFactors(table: ColumnTable, options: FigureOptions = {}): Figure {
  const { name = "calibration-factors", setting, seeds } = options;
  const rows = readRows(name, table, COLUMNS);
  const countings = seriesNames("counting", rows.map(({ counting }) => counting));
  const factors = (counting: string) =>
    endsOf(rows, counting).map(({ category, factor }) =>
      `${labelOf("category", category)} ${formatNumber(factor, { decimals: 2 })}`
    );
  return makeFigure({
    name,
    title: `Calibration factors ${formatList(countings.map((counting) => restOf(rows, counting)))}`,
    subtitle: subtitleOf({
      setting,
      shown: "factor 1 leaves the estimate as it was",
      seeds,
      repetitions: options.repetitions,
      intervals: rows.some(({ low }) => low !== null) ? "bands" : "none",
    }),
    alt:
      `Lines of the calibration factor of each category against the number of finished requests. ` +
      `At the end: ${
        countings.map((counting) =>
          `${labelOf("counting", counting)}, ${formatList(factors(counting))}`
        ).join("; ")
      }.`,
    table: tableOfRows(rows),
    pictures: [draw(rows, countings)],
  });
}
