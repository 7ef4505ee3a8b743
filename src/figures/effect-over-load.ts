import * as Plot from "@observablehq/plot";
import type { ColumnTable } from "arquero";
import { InputError } from "../errors/input-error.ts";
import { POLICIES } from "../policies/registry.ts";
import { xAxis, yAxis } from "./draw/axes.ts";
import { facetLayout } from "./draw/facet-layout.ts";
import { drawKey } from "./draw/key.ts";
import { drawPicture, type Picture, WIDTH } from "./draw/picture.ts";
import { ratioTicks } from "./draw/ratio-ticks.ts";
import { type Figure, type FigureOptions, makeFigure } from "./figure.ts";
import { readRows, type RowOf, tableOfRows } from "./tables/rows.ts";
import { directionOf } from "./text/finding.ts";
import { formatChange, formatList, formatNumber, formatPercent } from "./text/format.ts";
import { subtitleOf } from "./text/subtitle.ts";
import { INK, PAPER, QUIET, STATED } from "./theme/palette.ts";
import { labelOf, seriesStyles } from "./theme/series.ts";

const COLUMNS = {
  server: "text",
  load: "number",
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

const CROSSING_COLUMNS = {
  server: "text",
  worseFrom: "number?",
  fromLow: "number?",
  fromHigh: "number?",
} as const;
type Crossing = RowOf<typeof CROSSING_COLUMNS>;

/** Options of {@link effectOverLoad}. */
export interface EffectOverLoadOptions extends FigureOptions {
  /** Policy that the title speaks of. @default the one the paper has numbers for */
  readonly focus?: string;
  /** Policy that effects are relative to. @default the one that the table names, else the registry's first */
  readonly baseline?: string;
  /**
   * From which load on the tail is worse, as the analysis of the same name finds it: columns
   * `server`, `worseFrom`, `fromLow`, `fromHigh`. @default not marked
   */
  readonly crossings?: ColumnTable;
  /** Metric that the crossings are of. @default "p99" */
  readonly crossingMetric?: string;
  /** What the column `server` names: a server, or a trace that one server serves. @default "server" */
  readonly columns?: "server" | "trace";
}

const METRICS: Readonly<Record<string, string>> = { mean: "mean", p50: "median", p99: "P99" };
const metricLabel = (metric: string) => METRICS[metric] ?? metric;
/** Loads that read well on a logarithmic axis. */
const LOAD_TICKS = [0.1, 0.3, 1, 3, 10, 30, 100];
const PANEL_HEIGHT = 165;
const GAP = { x: 20, y: 34 } as const;
/** Between columns so narrow that the labels of their last and first ticks would touch. */
const NARROW = { columns: 4, gap: 34 } as const;
/** Pixels kept free above the greatest number and below the least. */
const PADDING = 10;

const times = (load: number) => `${formatNumber(load, { decimals: load < 10 ? 2 : 1 })}\u00a0×`;

/** The strongest clear change of a metric by a policy over all servers and loads, in words. */
function strongest(rows: readonly Row[], metric: string): string {
  const of = rows.filter((row) => row.metric === metric);
  const clear = (direction: -1 | 1) =>
    of.filter((row) => directionOf(row) === direction)
      .toSorted((a, b) => direction * (b.effect - a.effect))[0];
  const [down, up] = [clear(-1), clear(1)];
  const by = ({ effect }: Row) => `by up to ${formatPercent(Math.abs(effect))}`;
  const label = `the ${metricLabel(metric)}`;
  if (!down && !up) return `leaves ${label} about where it was`;
  if (!up) return `lowers ${label} ${by(down)}`;
  if (!down || up.effect > -down.effect) return `raises ${label} ${by(up)}`;
  return `lowers ${label} ${by(down)}`;
}

function finding(
  rows: readonly Row[],
  focus: string,
  { baseline, crossings }: { readonly baseline: string; readonly crossings: readonly Crossing[] },
): string {
  const own = rows.filter(({ policy }) => policy === focus);
  if (own.every((row) => directionOf(row) === null)) {
    return `${labelOf("policy", focus)} against ${labelOf("policy", baseline)} over load`;
  }
  const metrics = [...new Set(own.map(({ metric }) => metric))];
  const from = crossings.flatMap(({ worseFrom }) => worseFrom === null ? [] : [worseFrom]);
  const [least, most] = [Math.min(...from), Math.max(...from)];
  const turns = from.length === 0
    ? ""
    : `, from ${times(least)}${least === most ? "" : ` to ${times(most)}`} capacity on`;
  const parts = metrics.map((metric) => strongest(own, metric));
  return `Against ${labelOf("policy", baseline)}, ${labelOf("policy", focus)} ${
    formatList(parts)
  }${turns}`;
}

interface DrawOptions {
  readonly servers: readonly string[];
  readonly metrics: readonly string[];
  readonly crossings: readonly Crossing[];
  readonly crossingMetric: string;
  readonly columns: "server" | "trace";
}

const CAPACITY = {
  server: "offered load, multiples of the server's own capacity",
  trace: "offered load, multiples of the server's capacity for the trace's requests",
} as const;

/** Round loads, or the table's own where few of those are in its range. */
function loadTicks(loads: readonly number[]): number[] {
  const [least, most] = [Math.min(...loads), Math.max(...loads)];
  const round = LOAD_TICKS.filter((tick) => tick >= least && tick <= most);
  const own = [...new Set(loads)];
  return round.length < 2 && own.length <= 5 ? own : round;
}

function draw(
  rows: readonly Row[],
  { servers, metrics, crossings, crossingMetric, columns }: DrawOptions,
): Picture {
  const styles = seriesStyles("policy", rows.map(({ policy }) => policy));
  const [marginLeft, marginRight, marginTop, marginBottom] = [48, 14, 26, 44];
  const room = WIDTH - marginLeft - marginRight;
  const gap = servers.length >= NARROW.columns ? NARROW.gap : GAP.x;
  const panels = {
    x: facetLayout(servers, {
      size: (room - (servers.length - 1) * gap) / servers.length,
      gap,
    }),
    y: facetLayout(metrics, { size: PANEL_HEIGHT, gap: GAP.y }),
  };
  const ends = rows.flatMap(({ effect, low, high, paper }) =>
    [low ?? effect, high ?? effect, paper ?? 0].map(Math.log1p)
  );
  const [least, most] = [Math.min(0, ...ends), Math.max(0, ...ends)];
  const perPixel = (most - least || 0.1) / (PANEL_HEIGHT - 2 * PADDING);
  // The scale is linear in the logarithm: of a logarithmic one, D3 leaves tick labels out.
  const domain = [least - PADDING * perPixel, most + PADDING * perPixel];
  const loads = rows.map(({ load }) => load);
  const at = { fx: "server", fy: "metric" } as const;
  const marked = crossings.filter(({ worseFrom, server }) =>
    worseFrom !== null && servers.includes(server)
  );
  const crossing = { fx: "server", fy: () => crossingMetric, y: () => 0 } as const;
  // One line a panel: the paper's number is the same at every load.
  const stated = [...new Map(
    rows.filter(({ paper }) => paper !== null)
      .map((row) => [`${row.server}/${row.metric}`, row]),
  ).values()];
  return drawPicture({
    width: WIDTH,
    height: marginTop + panels.y.length + marginBottom,
    marginTop,
    marginLeft,
    marginRight,
    marginBottom,
    fx: panels.x.scale,
    fy: panels.y.scale,
    x: { type: "log", domain: [Math.min(...loads), Math.max(...loads)] },
    y: { domain },
    marks: [
      ...yAxis({
        ticks: ratioTicks(domain.map(Math.exp), { perPixel, room: 20 }).map(Math.log),
        tickFormat: (log) => formatNumber(Math.round(Math.expm1(log) * 100) + 0),
      }),
      ...xAxis({
        label: CAPACITY[columns],
        ticks: loadTicks(loads),
        tickFormat: (tick) => String(tick),
        grid: false,
      }),
      Plot.ruleX([1], { stroke: QUIET.light, strokeDasharray: "2 3" }),
      Plot.ruleY([0], { stroke: INK.light, strokeWidth: 1.25 }),
      Plot.ruleY(stated, {
        ...at,
        y: ({ paper }: Row) => Math.log1p(paper!),
        stroke: STATED.light,
        strokeWidth: 1.5,
        strokeDasharray: "6 3",
      }),
      styles.map(({ name, colour, dash, symbol }) => {
        const series = rows.filter(({ policy }) => policy === name);
        return [
          Plot.areaY(series, {
            ...at,
            x: "load",
            y1: (row: Row) => Math.log1p(row.low ?? row.effect),
            y2: (row: Row) => Math.log1p(row.high ?? row.effect),
            fill: colour,
            fillOpacity: 0.18,
          }),
          Plot.lineY(series, {
            ...at,
            x: "load",
            y: ({ effect }: Row) => Math.log1p(effect),
            stroke: colour,
            strokeWidth: 2,
            strokeDasharray: dash,
          }),
          Plot.dot(series, {
            ...at,
            x: "load",
            y: ({ effect }: Row) => Math.log1p(effect),
            symbol,
            fill: colour,
            r: 2.5,
          }),
        ];
      }),
      Plot.text(stated, {
        ...at,
        y: ({ paper }: Row) => Math.log1p(paper!),
        text: ({ paper }: Row) => `paper ${formatChange(paper!).replace(".0", "")}`,
        frameAnchor: "left",
        textAnchor: "start",
        lineAnchor: "top",
        dx: 4,
        dy: 4,
        fontSize: 11.5,
        fontWeight: 600,
        fill: STATED.light,
        stroke: PAPER.light,
        strokeWidth: 3,
      }),
      Plot.link(marked, {
        ...crossing,
        x1: ({ fromLow, worseFrom }: Crossing) => fromLow ?? worseFrom!,
        x2: ({ fromHigh, worseFrom }: Crossing) => fromHigh ?? worseFrom!,
        stroke: INK.light,
        strokeWidth: 6,
        strokeOpacity: 0.5,
      }),
      Plot.dot(marked, {
        ...crossing,
        x: "worseFrom",
        symbol: "triangle",
        fill: INK.light,
        stroke: PAPER.light,
        strokeWidth: 0.75,
        r: 5,
      }),
      Plot.text(
        servers.flatMap((server) => metrics.map((metric) => ({ server, metric }))),
        {
          ...at,
          text: ({ server, metric }: { server: string; metric: string }) =>
            `${server}: ${metricLabel(metric)}, %`,
          frameAnchor: "top-left",
          textAnchor: "start",
          lineAnchor: "bottom",
          dy: -8,
          fontSize: 12.5,
          fontWeight: 600,
          fill: INK.light,
        },
      ),
    ],
  });
}

/**
 * Relative change of a latency against a baseline policy over offered load, a column a server and a
 * row a metric; the paper's number as a line, and where the tail turns worse, with its interval, as
 * a triangle on the line of no change. Columns: `server`, `load` (multiples of capacity), `policy`,
 * `metric`, `effect`, `low`, `high` (−0.4 is 40 % less), `n`, `paper`; `baseline` names the policy
 * compared with.
 */
export function effectOverLoad(table: ColumnTable, options: EffectOverLoadOptions = {}): Figure {
  const { name = "effect-over-load", crossingMetric = "p99" } = options;
  const { columns = "server" } = options;
  const rows = readRows(name, table, { ...COLUMNS, ...BASELINE_COLUMN });
  const baseline = options.baseline ?? rows[0].baseline ?? POLICIES.names[0];
  const impossible = rows.findIndex(({ effect, low, load }) =>
    Math.min(effect, low ?? effect) <= -1 || load <= 0
  );
  if (impossible >= 0) {
    const { load, effect } = rows[impossible];
    throw new InputError({
      file: `table of figure ${name}`,
      row: impossible + 2,
      field: load <= 0 ? "load" : "effect",
      value: load <= 0 ? load : effect,
      expected: load <= 0 ? "a load above 0" : "a relative change above -1",
    });
  }
  const crossings = options.crossings === undefined
    ? []
    : readRows(name, options.crossings, CROSSING_COLUMNS);
  const servers = [...new Set(rows.map(({ server }) => server))];
  const metrics = [...new Set(rows.map(({ metric }) => metric))];
  const focus = options.focus ??
    (rows.find(({ paper }) => paper !== null) ?? rows[0]).policy;
  const told = servers.map((server) => {
    const own = rows.filter((row) => row.server === server && row.policy === focus);
    const most = metrics.map((metric) => {
      const effects = own.filter((row) => row.metric === metric).map(({ effect }) => effect);
      return effects.length === 0
        ? `${metricLabel(metric)} not run`
        : `${metricLabel(metric)} ${formatChange(Math.min(...effects))} to ${
          formatChange(Math.max(...effects))
        }`;
    });
    const from = crossings.find((each) => each.server === server)?.worseFrom ?? null;
    return `${server}: ${formatList(most)}${
      from === null ? "" : `, ${metricLabel(crossingMetric)} worse from ${times(from)} on`
    }`;
  });
  return makeFigure({
    name,
    title: finding(rows, focus, { baseline, crossings }),
    subtitle: subtitleOf({
      setting: options.setting,
      shown: `change of end-to-end latency relative to ${labelOf("policy", baseline)}`,
      seeds: rows[0].n ?? options.seeds,
      repetitions: options.repetitions,
      intervals: rows.some(({ low }) => low !== null) ? "bands" : "none",
      note: crossings.length > 0 ? "triangle: where the tail turns worse" : undefined,
    }),
    alt: `Lines of the change of end-to-end latency over offered load, a column of panels a ` +
      `${columns}. ${labelOf("policy", focus)}: ${told.join("; ")}.`,
    table: tableOfRows(rows, COLUMNS),
    pictures: [
      drawKey(seriesStyles("policy", rows.map(({ policy }) => policy)), {
        width: WIDTH,
        sample: "line and symbol",
      }),
      draw(rows, { servers, metrics, crossings, crossingMetric, columns }),
    ],
  });
}
