import * as Plot from "@observablehq/plot";
import type { ColumnTable } from "arquero";
import { xAxis } from "./draw/axes.ts";
import { facetLayout } from "./draw/facet-layout.ts";
import { facetTitles } from "./draw/facet-titles.ts";
import { drawKey } from "./draw/key.ts";
import { drawPicture, type Picture, WIDTH } from "./draw/picture.ts";
import { rowLabels, rowLabelsWidth } from "./draw/row-labels.ts";
import { type Figure, type FigureOptions, makeFigure } from "./figure.ts";
import { readRows, type RowOf, tableOfRows } from "./tables/rows.ts";
import { capitalise } from "./text/capitalise.ts";
import { formatChange, formatList, formatPercent } from "./text/format.ts";
import { subtitleOf } from "./text/subtitle.ts";
import { CALIBRATION_COLOURS, HAIR, INK, NEUTRAL, PAPER, QUIET } from "./theme/palette.ts";

const COLUMNS = {
  run: "text",
  metric: "text",
  error: "number",
  bound: "number",
  noise: "number?",
  ownSpeed: "number?",
  cause: "text",
} as const;
type Row = RowOf<typeof COLUMNS>;

const METRICS: Readonly<Record<string, string>> = {
  ttft_p50: "median TTFT",
  ttft_p99: "P99 TTFT",
  tpot_p50: "median TPOT",
  tpot_p99: "P99 TPOT",
  output_tokens_per_s: "tokens a second",
  e2e_p50: "median E2E",
  e2e_p99: "P99 E2E",
  makespan_s: "makespan",
};
const metricLabel = (metric: string) => METRICS[metric] ?? metric;
/** Why a run misses, in the words of the title. */
const CAUSES: Readonly<Record<string, string>> = {
  "machine": "by the machine's own speed that day",
  "steps": "by what single steps took",
  "knife edge": "where the metric hangs by a few requests",
  "model": "by the model",
};
const within = ({ error, bound }: Row) => Math.abs(error) <= bound;
const ROW = 24;
/** Panels side by side; more metrics go on below. */
const ACROSS = 4;
/** Pixels that a tick needs for its label. */
const PADDING = 0.06;

function finding(rows: readonly Row[]): string {
  const runs = [...Map.groupBy(rows, ({ run }) => run).values()];
  const missed = runs.filter((of) => !of.every(within));
  const count = `Of ${runs.length} recordings ${runs.length - missed.length} are within bounds`;
  if (missed.length === 0) return count;
  const causes = Map.groupBy(missed, (of) => {
    const [worst] = of.filter((row) => !within(row)).toSorted((a, b) =>
      Math.abs(b.error) - Math.abs(a.error)
    );
    return worst.cause;
  });
  const parts = [...causes].map(([cause, of]) =>
    `${of.length} ${of.length === 1 ? "misses" : "miss"} ${CAUSES[cause] ?? `for ${cause}`}`
  );
  return `${count}; ${formatList(parts)}`;
}

function panelsOf(metrics: readonly string[]): (readonly string[])[] {
  return Array.from(
    { length: Math.ceil(metrics.length / ACROSS) },
    (_, i) => metrics.slice(i * ACROSS, (i + 1) * ACROSS),
  );
}

function draw(rows: readonly Row[], metrics: readonly string[]): Picture {
  const runs = [...new Set(rows.map(({ run }) => run))].map((name) => ({ name, label: name }));
  const [marginTop, marginBottom, marginRight, gap] = [28, 44, 14, 20];
  const marginLeft = rowLabelsWidth(runs);
  const room = WIDTH - marginLeft - marginRight;
  const across = facetLayout(metrics, {
    size: (room - (metrics.length - 1) * gap) / metrics.length,
    gap,
  });
  const ends = rows.flatMap(({ error, ownSpeed, bound }) => [error, ownSpeed ?? 0, bound, -bound]);
  const [least, most] = [Math.min(...ends), Math.max(...ends)];
  const pad = PADDING * (most - least);
  const at = { fx: "metric", y: "run" } as const;
  const band = (half: (row: Row) => number, fill: string) =>
    Plot.barX(rows as Row[], {
      ...at,
      x1: (row: Row) => -half(row),
      x2: (row: Row) => half(row),
      fill,
      insetTop: 2,
      insetBottom: 2,
    });
  const blue = CALIBRATION_COLOURS[1].light;
  const known = rows.filter(({ ownSpeed }) => ownSpeed !== null);
  return drawPicture({
    width: WIDTH,
    height: marginTop + runs.length * ROW + marginBottom,
    ...{ marginTop, marginBottom, marginLeft, marginRight },
    fx: across.scale,
    x: { domain: [least - pad, most + pad] },
    y: { type: "band", domain: runs.map(({ name }) => name), padding: 0 },
    marks: [
      ...xAxis({
        label: "simulated against measured, %",
        ticks: metrics.length > 3 ? 3 : 4,
        tickFormat: (share) => formatChange(share).replace(".0", "").replace("\u00a0%", ""),
        grid: false,
      }),
      band(({ bound }) => bound, HAIR.light),
      Plot.ruleX([0], { stroke: INK.light }),
      Plot.barX(rows.filter(({ noise }) => noise !== null), {
        ...at,
        x1: ({ noise }: Row) => -noise!,
        x2: ({ noise }: Row) => noise!,
        fill: QUIET.light,
        fillOpacity: 0.6,
        insetTop: 9,
        insetBottom: 9,
      }),
      rowLabels(runs),
      Plot.link(known, {
        ...at,
        x1: "error",
        x2: "ownSpeed",
        stroke: NEUTRAL.light,
        strokeWidth: 1.25,
      }),
      Plot.dot(known, {
        ...at,
        x: "ownSpeed",
        symbol: "square",
        fill: PAPER.light,
        stroke: NEUTRAL.light,
        strokeWidth: 1.5,
        r: 3.5,
      }),
      Plot.dot(rows as Row[], {
        ...at,
        x: "error",
        symbol: (row: Row) => within(row) ? "circle" : "diamond",
        fill: blue,
        stroke: PAPER.light,
        strokeWidth: 0.75,
        r: (row: Row) => within(row) ? 4.5 : 6,
      }),
      facetTitles(
        metrics.map((name) => ({ name, label: capitalise(metricLabel(name)) })),
        "fx",
      ),
    ],
  });
}

/**
 * Errors of predictions: a row a recording, a panel a metric, four panels side by side. Within the light
 * band a prediction is within bounds. The dark bar is how much two recordings of one run differ. The
 * square is what is left at the speed that the machine had by the run's own log. Columns: `run`, `metric`, `error`,
 * `bound`, `noise`, `ownSpeed` (shares: 0.1 is 10 %), `cause` of a miss (`machine`, `steps`,
 * `knife edge`, `model`; empty within bounds).
 */
export function fidelityErrors(table: ColumnTable, options: FigureOptions = {}): Figure {
  const { name = "fidelity-errors", setting } = options;
  const rows = readRows(name, table, COLUMNS);
  const metrics = [...new Set(rows.map(({ metric }) => metric))];
  const told = [...Map.groupBy(rows, ({ run }) => run)].map(([run, of]) =>
    `${run}: ${
      formatList(of.map(({ metric, error }) => `${metricLabel(metric)} ${formatChange(error)}`))
    }`
  );
  const blue = CALIBRATION_COLOURS[1].light;
  const key = { dash: "none", colour: blue };
  return makeFigure({
    name,
    title: finding(rows),
    subtitle: subtitleOf({
      setting,
      shown: `error of the prediction; bounds ${
        formatList([...new Set(rows.map(({ bound }) => formatPercent(bound)))].sort())
      }`,
      intervals: "none",
    }),
    alt: `Errors of predictions by recording and metric. ${told.join("; ")}.`,
    table: tableOfRows(rows),
    pictures: [
      drawKey([
        { ...key, label: "predicted, within bounds", symbol: "circle" },
        { ...key, label: "predicted, missed", symbol: "diamond" },
        { ...key, label: "at the machine's own speed", symbol: "square", colour: NEUTRAL.light },
        {
          ...{ label: "bounds", symbol: "square", sample: "area" },
          ...{ dash: "none", colour: HAIR.light },
        },
        {
          ...{ label: "from run to run", symbol: "square", sample: "area" },
          ...{ dash: "none", colour: QUIET.light },
        },
      ], { width: WIDTH, sample: "symbol" }),
      ...panelsOf(metrics).map((of) => draw(rows.filter(({ metric }) => of.includes(metric)), of)),
    ],
  });
}
