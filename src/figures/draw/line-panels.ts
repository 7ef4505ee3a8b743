import * as Plot from "@observablehq/plot";
import { formatNumber } from "../text/format.ts";
import { CALIBRATION_COLOURS, INK, NEUTRAL, QUIET } from "../theme/palette.ts";
import type { SeriesStyle } from "../theme/series.ts";
import { xAxis, yAxis } from "./axes.ts";
import { facetLayout } from "./facet-layout.ts";
import { drawPicture, type Picture, WIDTH } from "./picture.ts";

/** A point of a line; null where the line has a gap. */
export interface LinePoint {
  readonly x: number;
  readonly y: number | null;
}

/** A panel: its name, its key number, and lines in the order of {@link twoStyles}. */
export interface LinePanel {
  readonly title: string;
  readonly note: string;
  readonly lines: readonly (readonly LinePoint[])[];
}

/** An axis that all panels share. */
export interface PanelAxis {
  readonly label: string;
  readonly type: "log" | "linear";
  readonly domain: readonly [number, number];
  readonly ticks: readonly number[];
  readonly tickFormat: (tick: number) => string;
}

/** Options of {@link drawLinePanels}. */
export interface LinePanelsOptions {
  readonly x: PanelAxis;
  /** Its label stands above the first panel. */
  readonly y: PanelAxis;
  /** Where a thin line across marks what to compare with. */
  readonly rule?: number;
}

/** Panels beside each other at most. */
const ACROSS = 3;
const GAP = { x: 26, y: 58 } as const;
const PANEL_HEIGHT = 130;

/** Looks of the first line of every panel, solid, and of the second, dashed. */
export function twoStyles(names: readonly string[]): SeriesStyle[] {
  const looks = [
    { colour: CALIBRATION_COLOURS[1].light, dash: "none", symbol: "circle" },
    { colour: NEUTRAL.light, dash: "5 3", symbol: "square" },
  ] as const;
  return names.slice(0, looks.length).map((name, i) => ({ name, label: name, ...looks[i] }));
}

/** Lines in small panels of one size and one pair of scales, three beside each other. */
export function drawLinePanels(
  panels: readonly LinePanel[],
  { x, y, rule }: LinePanelsOptions,
): Picture {
  const placed = panels.map((panel, i) => ({
    ...panel,
    fx: String(i % ACROSS),
    fy: String(Math.floor(i / ACROSS)),
  }));
  type Placed = typeof placed[number];
  const [marginLeft, marginRight, marginTop, marginBottom] = [52, 20, 62, 44];
  const across = facetLayout([...new Set(placed.map(({ fx }) => fx))], {
    size: (WIDTH - marginLeft - marginRight - (ACROSS - 1) * GAP.x) / ACROSS,
    gap: GAP.x,
  });
  const down = facetLayout([...new Set(placed.map(({ fy }) => fy))], {
    size: PANEL_HEIGHT,
    gap: GAP.y,
  });
  const panelText = (text: (panel: Placed) => string, dy: number, options: Plot.TextOptions) =>
    Plot.text(placed, {
      ...{ fx: "fx", fy: "fy", text, dy },
      ...{ frameAnchor: "top-left", textAnchor: "start", lineAnchor: "bottom" },
      ...options,
    });
  const styles = twoStyles(["", ""]);
  return drawPicture({
    width: WIDTH,
    height: marginTop + down.length + marginBottom,
    ...{ marginTop, marginBottom, marginLeft, marginRight },
    fx: across.scale,
    fy: down.scale,
    x: { type: x.type, domain: [...x.domain] },
    y: { type: y.type, domain: [...y.domain] },
    marks: [
      ...yAxis({ ticks: y.ticks, tickFormat: y.tickFormat }),
      ...xAxis({ label: x.label, ticks: x.ticks, tickFormat: x.tickFormat }),
      rule === undefined ? null : Plot.ruleY([rule], { stroke: INK.light, strokeWidth: 1 }),
      placed.flatMap(({ fx, fy, lines }) =>
        lines.map((points, i) =>
          Plot.line(points as LinePoint[], {
            fx: () => fx,
            fy: () => fy,
            x: "x",
            y: "y",
            clip: true,
            stroke: styles[i].colour,
            strokeWidth: 2,
            strokeDasharray: styles[i].dash,
          })
        ).toReversed()
      ),
      Plot.text(placed.slice(0, 1), {
        ...{ fx: "fx", fy: "fy", text: () => y.label, dx: -marginLeft, dy: -44 },
        ...{ frameAnchor: "top-left", textAnchor: "start", lineAnchor: "bottom" },
        fontSize: 11.5,
        fill: QUIET.light,
      }),
      panelText(({ title }) => title, -22, { fontWeight: 600, fontSize: 12.5, fill: INK.light }),
      panelText(({ note }) => note, -7, { fontSize: 11.5, fill: QUIET.light }),
    ],
  });
}

/** A whole power of ten in few characters: `100`, `10k`, `1M`. */
export function shortPower(value: number): string {
  return value >= 1e6
    ? `${formatNumber(value / 1e6)}M`
    : value >= 1e4
    ? `${formatNumber(value / 1e3)}k`
    : formatNumber(value);
}

/** Powers of ten inside a domain. */
export function decades([least, most]: readonly [number, number]): number[] {
  return Array.from({ length: 19 }, (_, i) => Number(`1e${i - 9}`))
    .filter((decade) => decade >= least && decade <= most);
}
