import * as Plot from "@observablehq/plot";
import { formatNumber } from "../text/format.ts";
import { INK, PAPER } from "../theme/palette.ts";
import type { SeriesStyle } from "../theme/series.ts";
import { xAxis } from "./axes.ts";
import { facetLayout } from "./facet-layout.ts";
import { drawPicture, type Picture, WIDTH } from "./picture.ts";
import { ratioTicks } from "./ratio-ticks.ts";
import { rowLabelsWidth } from "./row-labels.ts";

const ROW_HEIGHT = 17;
const GAP = { x: 24, y: 12 } as const;
/** Pixels kept free beside the least and the greatest number. */
const PADDING = 8;

/** A change of a measure in a group, under a variant: −0.4 is 40 % less. */
export interface ChangeRow {
  readonly group: string;
  readonly variant: string;
  readonly measure: string;
  readonly effect: number;
  readonly low: number | null;
  readonly high: number | null;
}

/** Options of {@link drawChanges}. */
export interface DrawChangesOptions {
  /** Changes beyond these are drawn at the edge. @default none */
  readonly bounds?: readonly [least: number, most: number];
}

/** Relative changes with their intervals on a logarithmic scale: a column a measure, a row a group, a mark a variant. */
export function drawChanges(
  all: readonly ChangeRow[],
  styles: readonly SeriesStyle[],
  { bounds = [-1, Infinity] }: DrawChangesOptions = {},
): Picture {
  const bounded = (change: number) => Math.min(Math.max(change, bounds[0]), bounds[1]);
  const rows = all.map(({ effect, low, high, ...row }) => ({
    ...row,
    effect: bounded(effect),
    low: low === null ? null : bounded(low),
    high: high === null ? null : bounded(high),
  }));
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
  // Logarithms on a linear scale: a logarithmic one leaves out labels where its domain is wide.
  const domain = [least - PADDING * perPixel, most + PADDING * perPixel];
  const ticks = ratioTicks(domain.map(Math.exp), { perPixel, room: 42 });
  const at = { fx: "measure", fy: "group", y: "variant" } as const;
  return drawPicture({
    width: WIDTH,
    height: 26 + panels.y.length + 44,
    ...{ marginTop: 26, marginBottom: 44, marginLeft, marginRight },
    fx: panels.x.scale,
    fy: panels.y.scale,
    x: { domain },
    y: { type: "point", domain: styles.map(({ name }) => name), padding: 0.5, axis: null },
    marks: [
      ...xAxis({
        label: "relative change, %, on a logarithmic scale",
        ticks: ticks.map(Math.log),
        tickFormat: (ratio) => formatNumber(Math.round((Math.exp(ratio) - 1) * 100) + 0),
      }),
      Plot.ruleX([0], { stroke: INK.light, strokeWidth: 1.25 }),
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
            x1: (row: ChangeRow) => Math.log1p(row.low ?? row.effect),
            x2: (row: ChangeRow) => Math.log1p(row.high ?? row.effect),
            ...{ stroke: colour, strokeWidth: 4, strokeOpacity: 0.5 },
          }),
          Plot.dot(own, {
            ...at,
            x: ({ effect }: ChangeRow) => Math.log1p(effect),
            ...{ symbol, fill: colour, stroke: PAPER.light, strokeWidth: 0.75, r: 4.5 },
          }),
        ];
      }),
    ],
  });
}
