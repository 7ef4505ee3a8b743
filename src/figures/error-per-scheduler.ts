import * as Plot from "@observablehq/plot";
import type { ColumnTable } from "arquero";
import { xAxis } from "./draw/axes.ts";
import { facetLayout } from "./draw/facet-layout.ts";
import { facetTitles } from "./draw/facet-titles.ts";
import { drawKey } from "./draw/key.ts";
import { drawPicture, type Picture, WIDTH } from "./draw/picture.ts";
import { rowLabels, rowLabelsWidth } from "./draw/row-labels.ts";
import { type Figure, type FigureOptions, makeFigure } from "./figure.ts";
import { type OffAndOn, offAndOn } from "./tables/off-and-on.ts";
import { readRows, type RowOf, tableOfRows } from "./tables/rows.ts";
import { capitalise } from "./text/capitalise.ts";
import {
  type Change,
  COMPARED_COLUMNS,
  describeChanges,
  differenceFrom,
  directionBetween,
  type Estimate,
  meanDifference,
  meanOf,
  relativeChange,
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
type Row = RowOf<typeof COLUMNS & typeof COMPARED_COLUMNS>;

const estimateOf = ({ mae: value, low, high }: Row): Estimate => ({ value, low, high });

interface Pair {
  readonly off: Row;
  readonly on: Row;
}

/** Off and on of each policy under one counting mode, as far as both are there. */
function pairsOf(rows: readonly Row[], counting: string, { off, on }: OffAndOn): Pair[] {
  const of = (policy: string, calibration: string) =>
    rows.find((row) =>
      row.counting === counting && row.policy === policy && row.calibration === calibration
    );
  return seriesNames("policy", rows.map(({ policy }) => policy)).flatMap((policy) => {
    const pair = { off: of(policy, off), on: of(policy, on) };
    return pair.off && pair.on ? [pair as Pair] : [];
  });
}

function changeOf(pairs: readonly Pair[], counting: string): Change {
  const mean = (side: "off" | "on") => meanOf(pairs.map((pair) => estimateOf(pair[side])));
  const [off, on] = [mean("off"), mean("on")];
  const difference = meanDifference(
    pairs.map((pair) => differenceFrom(pair.off.calibration, pair.on)),
  );
  return {
    where: labelOf("counting", counting),
    change: relativeChange(off.value, on.value),
    direction: directionBetween(off, on, difference),
  };
}

function draw(rows: readonly Row[], panels: ReadonlyMap<string, readonly Pair[]>): Picture {
  const countings = [...panels.keys()];
  const styles = seriesStyles("calibration", rows.map(({ calibration }) => calibration));
  const policies = seriesStyles("policy", rows.map(({ policy }) => policy));
  const marginLeft = rowLabelsWidth(policies);
  const gap = 40;
  const size = (WIDTH - marginLeft - 8 - (countings.length - 1) * gap) / countings.length;
  const facets = facetLayout(countings, { size, gap });
  const pairs = [...panels.values()].flat();
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
        text: ({ on, off }) => formatChange(relativeChange(off.mae, on.mae)),
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
 * `policy`, `calibration`, `counting`, `mae`, `low`, `high` (words or tokens), `n` (paired seeds). The
 * title compares by `baseline`, `difference`, `differenceLow`, `differenceHigh` (on less off, paired by
 * seed) and claims nothing where a table with intervals has none of them.
 */
export function errorPerScheduler(table: ColumnTable, options: FigureOptions = {}): Figure {
  const { name = "error-per-scheduler", setting } = options;
  const rows = readRows(name, table, { ...COLUMNS, ...COMPARED_COLUMNS });
  const calibrations = offAndOn(name, rows);
  const countings = seriesNames("counting", rows.map(({ counting }) => counting));
  const panels = new Map(
    countings.map((counting) => [counting, pairsOf(rows, counting, calibrations)]),
  );
  const styles = seriesStyles("calibration", rows.map(({ calibration }) => calibration));
  const levels = [...panels].map(([counting, pairs]) => {
    const told = pairs.map(({ off, on }) =>
      `${labelOf("policy", off.policy)} ${formatNumber(off.mae)} to ${formatNumber(on.mae)}`
    );
    return `${labelOf("counting", counting)}, ${told.join(", ")}`;
  });
  return makeFigure({
    name,
    title: describeChanges([...panels].map(([counting, pairs]) => changeOf(pairs, counting)), {
      subject: "Calibration",
      object: "the error of length estimates, averaged over the policies,",
    }),
    subtitle: subtitleOf({
      setting,
      seeds: rows[0].n ?? options.seeds,
      repetitions: options.repetitions,
      intervals: rows.some(({ low }) => low !== null) ? "bars" : "none",
    }),
    alt: `Mean absolute error per policy, calibration off to on: ${levels.join("; ")}.`,
    table: tableOfRows(rows, COLUMNS),
    pictures: [
      drawKey(styles, { width: WIDTH, sample: "symbol" }),
      draw(rows, panels),
    ],
  });
}
