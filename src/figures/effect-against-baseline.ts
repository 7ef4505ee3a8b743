import * as Plot from "@observablehq/plot";
import type { ColumnTable } from "arquero";
import { xAxis } from "./draw/axes.ts";
import { facetLayout } from "./draw/facet-layout.ts";
import { facetTitles } from "./draw/facet-titles.ts";
import { drawPicture, type Picture, WIDTH } from "./draw/picture.ts";
import { rowLabels, rowLabelsWidth } from "./draw/row-labels.ts";
import { type Figure, type FigureOptions, makeFigure } from "./figure.ts";
import { readRows, type RowOf, tableOfRows } from "./tables/rows.ts";
import { capitalise } from "./text/capitalise.ts";
import { directionOf } from "./text/finding.ts";
import { formatChange, formatList, formatPercent } from "./text/format.ts";
import { subtitleOf } from "./text/subtitle.ts";
import { INK, PAPER, STATED } from "./theme/palette.ts";
import { labelOf, seriesStyles } from "./theme/series.ts";

const COLUMNS = {
  policy: "text",
  metric: "text",
  effect: "number",
  low: "number?",
  high: "number?",
  n: "number?",
  paper: "number?",
} as const;
type Row = RowOf<typeof COLUMNS>;

interface Wording {
  /** Policy that effects are relative to. @default "fifo" */
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

/** A number as the paper prints it: without decimals that it does not have. */
function formatStated(paper: number): string {
  return formatChange(paper).replace(".0", "");
}

/** The metrics of one policy as a sentence; of many metrics, those that the paper or habit names. */
function finding(rows: readonly Row[], focus: string, { latency, baseline }: Required<Wording>) {
  const all = rows.filter(({ policy }) => policy === focus);
  const named = all.filter(({ metric, paper }) =>
    paper !== null || metric === "p50" || metric === "p99"
  );
  let verb = "";
  const parts = (named.length > 0 ? named : all).map((row, i) => {
    const direction = directionOf(row, row.effect);
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

/** Pixels kept free left of the least and right of the greatest number, for what is written there. */
const ROOM = { left: 14, right: 46 } as const;

/**
 * Numbers above their marks, the paper's below a cross of their own, each on the side of its mark
 * that the zero line does not run through.
 */
function numberMarks(rows: readonly Row[]): Plot.Markish[] {
  const stated = rows.filter(({ paper }) => paper !== null);
  const halo = { fontSize: 11.5, stroke: PAPER.light, strokeWidth: 3 };
  const at = { fx: "metric", y: "policy" };
  return [
    Plot.dot(stated, {
      ...at,
      x: "paper",
      symbol: "times",
      stroke: STATED.light,
      strokeWidth: 2.5,
      r: 5,
      dy: 12,
    }),
    ...(["start", "end"] as const).flatMap((textAnchor) => {
      const side = (value: number) => value >= 0 === (textAnchor === "start");
      return [
        Plot.text(rows.filter(({ effect }) => side(effect)), {
          ...at,
          ...halo,
          x: "effect",
          text: ({ effect }: Row) => formatChange(effect),
          textAnchor,
          dx: textAnchor === "start" ? 4 : 2,
          dy: -15,
          fill: INK.light,
        }),
        Plot.text(stated.filter(({ paper }) => side(paper!)), {
          ...at,
          ...halo,
          x: "paper",
          text: ({ paper }: Row) => `paper ${formatStated(paper!)}`,
          textAnchor,
          dx: textAnchor === "start" ? -7 : 7,
          dy: 25,
          fill: STATED.light,
        }),
      ];
    }),
  ];
}

function draw(rows: readonly Row[], metrics: readonly string[]): Picture {
  const policies = seriesStyles("policy", rows.map(({ policy }) => policy));
  const [marginLeft, marginRight, gap] = [rowLabelsWidth(policies), 12, 14];
  const room = WIDTH - marginLeft - marginRight;
  const size = Math.floor((room - (metrics.length - 1) * gap) / metrics.length);
  const facets = facetLayout(metrics, { size, gap });
  const ends = rows.flatMap(({ effect, low, high, paper }) => [
    low ?? effect,
    high ?? effect,
    paper ?? 0,
  ]);
  const [least, most] = [Math.min(0, ...ends), Math.max(0, ...ends)];
  const perPixel = (most - least || 0.1) / (size - ROOM.left - ROOM.right);
  const domain = [least - ROOM.left * perPixel, most + ROOM.right * perPixel];
  const at = { fx: "metric", y: "policy" };
  return drawPicture({
    width: WIDTH,
    height: 26 + policies.length * 58 + 44,
    marginTop: 26,
    marginLeft,
    marginRight,
    marginBottom: 44,
    fx: facets.scale,
    x: { domain },
    y: { type: "point", domain: policies.map(({ name }) => name), padding: 0.5 },
    marks: [
      ...xAxis({
        label: "relative change, %",
        ticks: Math.max(2, Math.floor(size / 45)),
        tickFormat: (change) => `${Math.round(change * 100)}`.replace("-", "−"),
      }),
      Plot.ruleX([0], { stroke: INK.light, strokeWidth: 1.25 }),
      rowLabels(policies),
      policies.map(({ name, colour, symbol }) => {
        const series = rows.filter(({ policy }) => policy === name);
        return [
          Plot.link(series, {
            ...at,
            x1: (row: Row) => row.low ?? row.effect,
            x2: (row: Row) => row.high ?? row.effect,
            stroke: colour,
            strokeWidth: 3,
            strokeOpacity: 0.6,
          }),
          Plot.dot(series, {
            ...at,
            x: "effect",
            symbol,
            fill: colour,
            stroke: PAPER.light,
            strokeWidth: 0.75,
            r: 5,
          }),
        ];
      }),
      ...numberMarks(rows),
      facetTitles(metrics.map((name) => ({ name, label: capitalise(metricLabel(name)) })), "fx"),
    ],
  });
}

/**
 * Relative change of a latency against a baseline policy with its interval, one panel per metric, the
 * paper's number beside it where it states one. Columns: `policy`, `metric` (`mean`, `p50`, `p90`,
 * `p95`, `p99`), `effect`, `low`, `high` (−0.4 is 40 % less), `n` (paired seeds), `paper`.
 */
export function effectAgainstBaseline(
  table: ColumnTable,
  options: EffectAgainstBaselineOptions = {},
): Figure {
  const { name = "effect-against-baseline", baseline = "fifo" } = options;
  const { latency = "end-to-end latency" } = options;
  const rows = readRows(name, table, COLUMNS);
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
      intervals: rows.some(({ low }) => low !== null) ? "bars" : "none",
      note: rows.some(({ paper }) => paper !== null) ? "× the paper's number" : undefined,
    }),
    alt: `Change of ${latency} against ${labelOf("policy", baseline)} per policy. ${
      effects.join("; ")
    }.`,
    table: tableOfRows(rows),
    pictures: [draw(rows, metrics)],
  });
}
