import * as Plot from "@observablehq/plot";
import type { ColumnTable } from "arquero";
import { POLICIES } from "../policies/registry.ts";
import { xAxis } from "./draw/axes.ts";
import { facetLayout } from "./draw/facet-layout.ts";
import { drawPicture, type Picture, WIDTH } from "./draw/picture.ts";
import { ratioTicks } from "./draw/ratio-ticks.ts";
import { rowLabels, rowLabelsWidth } from "./draw/row-labels.ts";
import { type Figure, type FigureOptions, makeFigure } from "./figure.ts";
import { refuseImpossibleEffects } from "./tables/possible-effects.ts";
import { readRows, type RowOf, tableOfRows } from "./tables/rows.ts";
import { capitalise } from "./text/capitalise.ts";
import { directionOf } from "./text/finding.ts";
import { formatChange, formatList, formatNumber, formatPercent } from "./text/format.ts";
import { subtitleOf } from "./text/subtitle.ts";
import { textWidth } from "./text/width.ts";
import { INK, PAPER, STATED } from "./theme/palette.ts";
import { labelOf, type SeriesStyle, seriesStyles } from "./theme/series.ts";

const COLUMNS = {
  policy: "text",
  metric: "text",
  effect: "number",
  low: "number?",
  high: "number?",
  n: "number?",
  paper: "number?",
} as const;
/** Names the policy compared with; not drawn. */
const BASELINE_COLUMN = { baseline: "text?" } as const;
type Row = RowOf<typeof COLUMNS & typeof BASELINE_COLUMN>;

interface Wording {
  /** Policy that effects are relative to. @default the one that the table names, else the registry's first */
  readonly baseline?: string;
  /** What the metrics are of. @default "end-to-end latency" */
  readonly latency?: string;
}

/** Options of {@link effectAgainstBaseline}. */
export interface EffectAgainstBaselineOptions extends FigureOptions, Wording {
  /** Policy that the title speaks of. @default the one the paper has numbers for, else the lowest */
  readonly focus?: string;
}

const METRICS: Readonly<Record<string, string>> = {
  mean: "mean",
  p50: "median",
  p90: "P90",
  p95: "P95",
  p99: "P99",
};
const metricLabel = (metric: string) => METRICS[metric] ?? metric;

function focusOf(rows: readonly Row[]): string {
  const stated = rows.find(({ paper }) => paper !== null);
  return (stated ?? rows.reduce((least, row) => row.effect < least.effect ? row : least)).policy;
}

/** Pixels that a tick needs for its label. */
const TICK_ROOM = 46;

/** A number as the paper prints it: without decimals that it does not have. */
function formatStated(paper: number): string {
  return formatChange(paper).replace(".0", "");
}

function statedLabel(paper: number): string {
  return `paper ${formatStated(paper)}`;
}

/** The metrics of one policy as a sentence; of many metrics, those that the paper or habit names. */
function finding(rows: readonly Row[], focus: string, { latency, baseline }: Required<Wording>) {
  const all = rows.filter(({ policy }) => policy === focus);
  const named = all.filter(({ metric, paper }) =>
    paper !== null || metric === "p50" || metric === "p99"
  );
  const told = named.length > 0 ? named : all;
  const directions = told.map(directionOf);
  if (directions.includes(null)) {
    return `${capitalise(latency)}, ${labelOf("policy", focus)} against ${
      labelOf("policy", baseline)
    }`;
  }
  let verb = "";
  const parts = told.map((row, i) => {
    const direction = directions[i]!;
    const before = verb;
    verb = direction === 0 ? "leaves" : direction < 0 ? "lowers" : "raises";
    const metric = `the ${metricLabel(row.metric)}${i === 0 ? ` ${latency}` : ""}`;
    const change = direction === 0
      ? "about where it was"
      : `by ${formatPercent(Math.abs(row.effect))}`;
    const paper = row.paper === null ? "" : ` (paper:\u00a0${formatStated(row.paper)})`;
    return `${verb === before ? "" : `${verb} `}${metric} ${change}${paper}`;
  });
  return `Against ${labelOf("policy", baseline)}, ${labelOf("policy", focus)} ${formatList(parts)}`;
}

/** What latency is multiplied by. */
const ratio = ({ effect }: Row) => 1 + effect;

const ROW_HEIGHT = 21;
const FACET_GAP = 10;
/** Pixels kept free beside the least and the greatest number. */
const PADDING = 10;
/** Columns right of the frame: where the effect ends and where the paper's number begins. */
const COLUMN = { effect: 66, paper: 80 } as const;

/** Margin that the two columns need, in pixels. */
function columnsWidth(rows: readonly Row[]): number {
  const stated = rows.flatMap(({ paper }) =>
    paper === null ? [] : [textWidth(statedLabel(paper), 12)]
  );
  return stated.length > 0 ? Math.ceil(COLUMN.paper + Math.max(...stated)) + 6 : COLUMN.effect + 6;
}

/** Effects and the paper's numbers, written in columns at the right. */
function numberColumns(rows: readonly Row[]): Plot.Markish[] {
  const stated = rows.filter(({ paper }) => paper !== null);
  const at = { fy: "metric", y: "policy", frameAnchor: "right" } as const;
  return [
    Plot.text(rows as Row[], {
      ...at,
      text: ({ effect }: Row) => formatChange(effect),
      textAnchor: "end",
      dx: COLUMN.effect,
      fill: INK.light,
      fontVariant: "tabular-nums",
    }),
    Plot.text(stated, {
      ...at,
      text: ({ paper }: Row) => statedLabel(paper!),
      textAnchor: "start",
      dx: COLUMN.paper,
      fill: STATED.light,
    }),
  ];
}

function effectMarks(rows: readonly Row[], policies: readonly SeriesStyle[]): Plot.Markish[] {
  const at = { fy: "metric", y: "policy" };
  const stated = rows.filter(({ paper }) => paper !== null);
  return [
    ...policies.flatMap(({ name, colour, symbol }) => {
      const series = rows.filter(({ policy }) => policy === name);
      return [
        Plot.link(series, {
          ...at,
          x1: (row: Row) => 1 + (row.low ?? row.effect),
          x2: (row: Row) => 1 + (row.high ?? row.effect),
          stroke: colour,
          strokeWidth: 4,
          strokeOpacity: 0.5,
        }),
        Plot.dot(series, {
          ...at,
          x: ratio,
          symbol,
          fill: colour,
          stroke: PAPER.light,
          strokeWidth: 0.75,
          r: 5,
        }),
      ];
    }),
    Plot.dot(stated, {
      ...at,
      x: ({ paper }: Row) => 1 + paper!,
      symbol: "times",
      stroke: STATED.light,
      strokeWidth: 2.5,
      r: 5,
    }),
  ];
}

function draw(rows: readonly Row[], metrics: readonly string[]): Picture {
  const policies = seriesStyles("policy", rows.map(({ policy }) => policy));
  const labels = metrics.map((name) => ({ name, label: capitalise(metricLabel(name)) }));
  const [metricWidth, policyWidth] = [labels, policies].map(rowLabelsWidth);
  const marginLeft = metricWidth + policyWidth;
  const marginRight = columnsWidth(rows);
  const size = WIDTH - marginLeft - marginRight;
  const facets = facetLayout(metrics, { size: policies.length * ROW_HEIGHT, gap: FACET_GAP });
  const ends = rows.flatMap(({ effect, low, high, paper }) =>
    [low ?? effect, high ?? effect, paper ?? 0].map(Math.log1p)
  );
  const [least, most] = [Math.min(0, ...ends), Math.max(0, ...ends)];
  const perPixel = (most - least || 0.1) / (size - 2 * PADDING);
  const domain = [least - PADDING * perPixel, most + PADDING * perPixel].map(Math.exp);
  return drawPicture({
    width: WIDTH,
    height: 10 + facets.length + 44,
    marginTop: 10,
    marginLeft,
    marginRight,
    marginBottom: 44,
    fy: facets.scale,
    x: { type: "log", domain },
    y: { type: "point", domain: policies.map(({ name }) => name), padding: 0.5 },
    marks: [
      ...xAxis({
        label: "relative change, %, on a logarithmic scale",
        ticks: ratioTicks(domain, { perPixel, room: TICK_ROOM }),
        tickFormat: (at) => formatNumber(Math.round((at - 1) * 100) + 0),
      }),
      Plot.ruleX([1], { stroke: INK.light, strokeWidth: 1.25 }),
      rowLabels(policies),
      Plot.text(labels, {
        fy: "name",
        text: "label",
        frameAnchor: "top-left",
        textAnchor: "start",
        dx: -marginLeft,
        dy: 6,
        fontSize: 12.5,
        fontWeight: 600,
        fill: INK.light,
      }),
      ...effectMarks(rows, policies),
      ...numberColumns(rows),
    ],
  });
}

/**
 * Relative change of a latency against a baseline policy with its interval, one panel per metric, the
 * paper's number beside it where it states one. Columns: `policy`, `metric` (`mean`, `p50`, `p90`,
 * `p95`, `p99`), `effect`, `low`, `high` (−0.4 is 40 % less), `n` (paired seeds), `paper`; `baseline`
 * names the policy compared with.
 */
export function effectAgainstBaseline(
  table: ColumnTable,
  options: EffectAgainstBaselineOptions = {},
): Figure {
  const { name = "effect-against-baseline" } = options;
  const { latency = "end-to-end latency" } = options;
  const rows = readRows(name, table, { ...COLUMNS, ...BASELINE_COLUMN });
  const baseline = options.baseline ?? rows[0].baseline ?? POLICIES.names[0];
  refuseImpossibleEffects(name, rows);
  const metrics = [...new Set(rows.map(({ metric }) => metric))];
  const focus = options.focus ?? focusOf(rows);
  const effects = metrics.map((metric) => {
    const of = rows.filter((row) => row.metric === metric)
      .map(({ policy, effect }) => `${labelOf("policy", policy)} ${formatChange(effect)}`);
    return `${metricLabel(metric)}: ${of.join(", ")}`;
  });
  return makeFigure({
    name,
    title: finding(rows, focus, { latency, baseline }),
    subtitle: subtitleOf({
      setting: options.setting,
      shown: `change of ${latency} relative to ${labelOf("policy", baseline)}`,
      seeds: rows[0].n ?? options.seeds,
      repetitions: options.repetitions,
      intervals: rows.some(({ low }) => low !== null) ? "bars" : "none",
      note: rows.some(({ paper }) => paper !== null) ? "× the paper's number" : undefined,
    }),
    alt: `Change of ${latency} against ${labelOf("policy", baseline)} per policy. ${
      effects.join("; ")
    }.`,
    table: tableOfRows(rows, COLUMNS),
    pictures: [draw(rows, metrics)],
  });
}
