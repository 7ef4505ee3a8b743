import * as Plot from "@observablehq/plot";
import type { ColumnTable } from "arquero";
import { xAxis } from "./draw/axes.ts";
import { facetLayout } from "./draw/facet-layout.ts";
import { facetTitles } from "./draw/facet-titles.ts";
import { drawKey } from "./draw/key.ts";
import { drawPicture, type Picture, WIDTH } from "./draw/picture.ts";
import { rowLabels } from "./draw/row-labels.ts";
import { type Figure, type FigureOptions, makeFigure } from "./figure.ts";
import { readRows, type RowOf, tableOfRows } from "./tables/rows.ts";
import { capitalise } from "./text/capitalise.ts";
import {
  type Change,
  describeChanges,
  directionBetween,
  type Estimate,
  meanOf,
} from "./text/finding.ts";
import { formatChange, formatNumber } from "./text/format.ts";
import { subtitleOf } from "./text/subtitle.ts";
import { INK, QUIET } from "./theme/palette.ts";
import { labelOf, seriesNames, seriesStyles, unitOf } from "./theme/series.ts";

const COLUMNS = {
  policy: "text",
  calibration: "text",
  counting: "text",
  mae: "number",
  low: "number?",
  high: "number?",
  n: "number?",
} as const;
type Row = RowOf<typeof COLUMNS>;

const estimateOf = ({ mae: value, low, high }: Row): Estimate => ({ value, low, high });

/** Off and on of each policy under one counting mode, as far as both are there. */
function pairsOf(rows: readonly Row[], counting: string): { off: Row; on: Row }[] {
  const of = (policy: string, calibration: string) =>
    rows.find((row) =>
      row.counting === counting && row.policy === policy && row.calibration === calibration
    );
  return seriesNames("policy", rows.map(({ policy }) => policy)).flatMap((policy) => {
    const [off, on] = [of(policy, "none"), of(policy, "ema")];
    return off && on ? [{ off, on }] : [];
  });
}

function changeUnder(rows: readonly Row[], counting: string): Change {
  const pairs = pairsOf(rows, counting);
  const off = meanOf(pairs.map((pair) => estimateOf(pair.off)));
  const on = meanOf(pairs.map((pair) => estimateOf(pair.on)));
  return {
    where: labelOf("counting", counting),
    change: on.value / off.value - 1,
    direction: directionBetween(off, on),
  };
}

function draw(rows: readonly Row[], countings: readonly string[]): Picture {
  const styles = seriesStyles("calibration", rows.map(({ calibration }) => calibration));
  const policies = seriesStyles("policy", rows.map(({ policy }) => policy));
  const marginLeft = 104;
  const gap = 40;
  const size = (WIDTH - marginLeft - 8 - (countings.length - 1) * gap) / countings.length;
  const facets = facetLayout(countings, { size, gap });
  const pairs = countings.flatMap((counting) => pairsOf(rows, counting));
  const highest = Math.max(...rows.map(({ mae, high }) => high ?? mae));
  return drawPicture({
    width: WIDTH,
    height: 26 + policies.length * 38 + 44,
    marginTop: 26,
    marginLeft,
    marginRight: 8,
    marginBottom: 44,
    fx: facets.scale,
    x: { domain: [0, highest * 1.12] },
    y: { type: "point", domain: policies.map(({ name }) => name), padding: 0.5 },
    marks: [
      ...xAxis({
        label: `mean absolute error, ${[...new Set(countings.map(unitOf))].join(" or ")}`,
        ticks: 5,
      }),
      Plot.ruleX([0], { stroke: INK.light }),
      rowLabels(policies),
      Plot.link(pairs, {
        fx: ({ on }) => on.counting,
        y: ({ on }) => on.policy,
        x1: ({ off }) => off.mae,
        x2: ({ on }) => on.mae,
        stroke: QUIET.light,
        strokeWidth: 1.5,
      }),
      styles.map(({ name, colour, symbol }) => {
        const series = rows.filter(({ calibration }) => calibration === name);
        const at = { fx: "counting", y: "policy" };
        return [
          Plot.link(series, {
            ...at,
            x1: (row: Row) => row.low ?? row.mae,
            x2: (row: Row) => row.high ?? row.mae,
            stroke: colour,
            strokeWidth: 6,
            strokeOpacity: 0.35,
          }),
          Plot.dot(series, { ...at, x: "mae", symbol, fill: colour, r: 5 }),
        ];
      }),
      Plot.text(pairs, {
        fx: ({ on }) => on.counting,
        y: ({ on }) => on.policy,
        x: ({ on, off }) => (on.mae + off.mae) / 2,
        text: ({ on, off }) => formatChange(on.mae / off.mae - 1),
        dy: -12,
        fontSize: 11.5,
        fill: INK.light,
      }),
      facetTitles(
        countings.map((name) => ({ name, label: capitalise(labelOf("counting", name)) })),
        "fx",
      ),
    ],
  });
}

/**
 * Estimation error per policy, calibration off against on, one panel per counting mode. Columns:
 * `policy`, `calibration` (`none`, `ema`), `counting`, `mae`, `low`, `high` (words or tokens), `n`
 * (paired seeds).
 */
export function errorPerScheduler(table: ColumnTable, options: FigureOptions = {}): Figure {
  const { name = "error-per-scheduler", setting } = options;
  const rows = readRows(name, table, COLUMNS);
  const countings = seriesNames("counting", rows.map(({ counting }) => counting));
  const styles = seriesStyles("calibration", rows.map(({ calibration }) => calibration));
  const levels = countings.map((counting) => {
    const pairs = pairsOf(rows, counting).map(({ off, on }) =>
      `${labelOf("policy", off.policy)} ${formatNumber(off.mae)} to ${formatNumber(on.mae)}`
    );
    return `${labelOf("counting", counting)}, ${pairs.join(", ")}`;
  });
  return makeFigure({
    name,
    title: describeChanges(countings.map((counting) => changeUnder(rows, counting)), {
      subject: "Calibration",
      object: "the error of length estimates, averaged over the policies,",
    }),
    subtitle: subtitleOf({
      setting,
      seeds: rows[0].n ?? options.seeds,
      intervals: rows.some(({ low }) => low !== null) ? "bars" : "none",
    }),
    alt: `Mean absolute error per policy, calibration off to on: ${levels.join("; ")}.`,
    table: tableOfRows(rows),
    pictures: [
      drawKey(styles, { width: WIDTH, sample: "symbol" }),
      draw(rows, countings),
    ],
  });
}
