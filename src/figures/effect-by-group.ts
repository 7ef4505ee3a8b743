import * as Plot from "@observablehq/plot";
import type { ColumnTable } from "arquero";
import { xAxis } from "./draw/axes.ts";
import { facetLayout } from "./draw/facet-layout.ts";
import { drawKey } from "./draw/key.ts";
import { drawPicture, type Picture, WIDTH } from "./draw/picture.ts";
import { ratioTicks } from "./draw/ratio-ticks.ts";
import { rowLabelsWidth } from "./draw/row-labels.ts";
import { type Figure, type FigureOptions, makeFigure } from "./figure.ts";
import { refuseImpossibleEffects } from "./tables/possible-effects.ts";
import { readRows, type RowOf, tableOfRows } from "./tables/rows.ts";
import { directionOf } from "./text/finding.ts";
import { formatChange, formatList, formatNumber } from "./text/format.ts";
import { subtitleOf } from "./text/subtitle.ts";
import { INK, PAPER } from "./theme/palette.ts";
import { type SeriesStyle, seriesStyles } from "./theme/series.ts";

const COLUMNS = {
  group: "text",
  variant: "text",
  measure: "text",
  effect: "number",
  low: "number?",
  high: "number?",
  n: "number?",
  baseline: "text?",
} as const;
type Row = RowOf<typeof COLUMNS>;

/** Options of {@link effectByGroup}. */
export interface EffectByGroupOptions extends FigureOptions {
  /** What the intervals are. @default "95 % bootstrap intervals" */
  readonly intervals?: string;
  /** Variant that the title speaks of. @default the last of the table */
  readonly focus?: string;
}

const ROW_HEIGHT = 17;
const GAP = { x: 24, y: 12 } as const;
/** Pixels kept free beside the least and the greatest number. */
const PADDING = 8;

function draw(rows: readonly Row[], styles: readonly SeriesStyle[]): Picture {
  const measures = [...new Set(rows.map(({ measure }) => measure))];
  const groups = [...new Set(rows.map(({ group }) => group))].map((name) => ({
    name,
    label: name,
  }));
  const marginLeft = rowLabelsWidth(groups);
  const marginRight = 12;
  const size = (WIDTH - marginLeft - marginRight - (measures.length - 1) * GAP.x) / measures.length;
  const panels = {
    x: facetLayout(measures, { size, gap: GAP.x }),
    y: facetLayout(groups.map(({ name }) => name), {
      size: styles.length * ROW_HEIGHT,
      gap: GAP.y,
    }),
  };
  const ends = rows.flatMap(({ effect, low, high }) =>
    [low ?? effect, high ?? effect].map(Math.log1p)
  );
  const [least, most] = [Math.min(0, ...ends), Math.max(0, ...ends)];
  const perPixel = (most - least || 0.1) / (size - 2 * PADDING);
  const domain = [least - PADDING * perPixel, most + PADDING * perPixel].map(Math.exp);
  const at = { fx: "measure", fy: "group", y: "variant" } as const;
  return drawPicture({
    width: WIDTH,
    height: 26 + panels.y.length + 44,
    ...{ marginTop: 26, marginBottom: 44, marginLeft, marginRight },
    fx: panels.x.scale,
    fy: panels.y.scale,
    x: { type: "log", domain },
    y: { type: "point", domain: styles.map(({ name }) => name), padding: 0.5, axis: null },
    marks: [
      ...xAxis({
        label: "relative change, %, on a logarithmic scale",
        ticks: ratioTicks(domain, { perPixel, room: 42 }),
        tickFormat: (ratio) => formatNumber(Math.round((ratio - 1) * 100) + 0),
      }),
      Plot.ruleX([1], { stroke: INK.light, strokeWidth: 1.25 }),
      Plot.text(groups.map((group) => ({ ...group, measure: measures[0] })), {
        ...{ fx: "measure", fy: "name", text: "label", dx: -marginLeft },
        ...{ frameAnchor: "left", textAnchor: "start", fontSize: 12.5, fill: INK.light },
      }),
      Plot.text(measures.map((measure) => ({ measure, group: groups[0].name })), {
        ...{ fx: "measure", fy: "group", text: "measure", dy: -8 },
        ...{ frameAnchor: "top-left", textAnchor: "start", lineAnchor: "bottom" },
        ...{ fontSize: 12.5, fontWeight: 600, fill: INK.light },
      }),
      styles.map(({ name, colour, symbol }) => {
        const own = rows.filter(({ variant }) => variant === name);
        return [
          Plot.link(own, {
            ...at,
            x1: (row: Row) => 1 + (row.low ?? row.effect),
            x2: (row: Row) => 1 + (row.high ?? row.effect),
            ...{ stroke: colour, strokeWidth: 4, strokeOpacity: 0.5 },
          }),
          Plot.dot(own, {
            ...at,
            x: ({ effect }: Row) => 1 + effect,
            ...{ symbol, fill: colour, stroke: PAPER.light, strokeWidth: 0.75, r: 4.5 },
          }),
        ];
      }),
    ],
  });
}

/** Groups that gain and groups that pay, by the first measure. */
function finding(rows: readonly Row[], focus: string, baseline: string): string {
  const [{ measure }] = rows;
  const own = rows.filter((row) => row.variant === focus && row.measure === measure);
  if (own.some((row) => directionOf(row) === null)) {
    return `${measure} by group, ${focus} against ${baseline}`;
  }
  const of = (direction: number) => own.filter((row) => directionOf(row) === direction).length;
  const [gain, pay] = [of(-1), of(1)];
  const extreme = (sign: 1 | -1) => own.reduce((a, b) => sign * b.effect > sign * a.effect ? b : a);
  const told = (row: Row) => `${row.group}: ${formatChange(row.effect)}`;
  const most = gain > 0 ? ` (most ${told(extreme(-1))})` : "";
  const worst = pay > 0 ? ` (most ${told(extreme(1))})` : "";
  return `${measure}, ${focus} against ${baseline}: ${gain} of ${own.length} groups gain${most}, ` +
    `${pay} ${pay === 1 ? "pays" : "pay"}${worst}`;
}

/**
 * Relative change of latencies against a baseline by group of requests, a column a measure, a row a
 * group, a mark a variant with its interval. Columns: `group`, `variant`, `measure`, `effect`, `low`,
 * `high` (−0.4 is 40 % less), `n`, `baseline`; the baseline's own rows are not drawn.
 */
export function effectByGroup(table: ColumnTable, options: EffectByGroupOptions = {}): Figure {
  const { name = "effect-by-group", intervals = "95 % bootstrap intervals" } = options;
  const all = readRows(name, table, COLUMNS);
  refuseImpossibleEffects(name, all);
  const baseline = all[0].baseline ?? "the baseline";
  const rows = all.filter(({ variant }) => variant !== baseline);
  const shown = rows.length > 0 ? rows : all;
  const styles = seriesStyles("policy", shown.map(({ variant }) => variant));
  const { focus = shown[shown.length - 1].variant } = options;
  const bounded = shown.some(({ low }) => low !== null);
  const effects = [...Map.groupBy(shown, ({ measure }) => measure)].map(([measure, of]) =>
    `${measure}: ${
      [...Map.groupBy(of, ({ group }) => group)].map(([group, each]) =>
        `${group} ${
          formatList(each.map(({ variant, effect }) => `${variant} ${formatChange(effect)}`))
        }`
      ).join("; ")
    }`
  );
  return makeFigure({
    name,
    title: finding(shown, focus, baseline),
    subtitle: subtitleOf({
      setting: options.setting,
      shown: `change relative to ${baseline}`,
      seeds: shown[0].n ?? options.seeds,
      repetitions: options.repetitions,
      intervals: "none",
      note: bounded ? `bars: ${intervals}` : undefined,
    }),
    alt: `Change of latencies against ${baseline} by group of requests. ${effects.join(". ")}.`,
    table: tableOfRows(shown, COLUMNS),
    pictures: [
      drawKey(styles, { width: WIDTH, sample: "symbol" }),
      draw(shown, styles),
    ],
  });
}
