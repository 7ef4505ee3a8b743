import * as Plot from "@observablehq/plot";
import type { SeriesStyle } from "../theme/series.ts";
import { textWidth } from "../text/width.ts";
import { spread } from "./spread.ts";

/** The last point of a line and the series that it belongs to. */
export interface LineEnd {
  readonly x: number;
  readonly y: number;
  readonly style: SeriesStyle;
  /** Written at the end of the line. @default the series' label */
  readonly label?: string;
  readonly facet?: string;
}

/** Where labels stand, in pixels right of the frame. */
const OFFSET = 18;
const LINE_HEIGHT = 15;
const FONT_SIZE = 12;

/** Right margin that the labels need, in pixels. */
export function endLabelsWidth(labels: readonly string[]): number {
  // Bold text of the widest usual fonts.
  const widest = Math.max(...labels.map((label) => 1.2 * textWidth(label, FONT_SIZE)));
  return Math.ceil(OFFSET + widest) + 4;
}

interface Placed {
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly labelX: Float64Array;
  readonly labelY: Float64Array;
}

/** Pixel positions of ends and labels; labels of one facet keep a line's height between them. */
function place(
  ...[, facets, channels, scales, dimensions]: Parameters<Plot.InitializerFunction>
): Placed {
  // A link turns its x into x1 and x2.
  const pixels = (channel: "x" | "y"): Float64Array => {
    const { value } = (channels[channel] ?? channels[`${channel}1`])!;
    return Float64Array.from(value as number[], (at) => scales[channel]!(at));
  };
  const [x, y] = [pixels("x"), pixels("y")];
  const labelX = x.map(() => dimensions.width - dimensions.marginRight + OFFSET);
  const labelY = new Float64Array(y.length);
  for (const facet of facets) {
    const rows = Array.from(facet);
    const moved = spread(rows.map((row) => y[row]), {
      gap: LINE_HEIGHT,
      min: dimensions.marginTop,
      max: dimensions.height - dimensions.marginBottom,
    });
    rows.forEach((row, i) => labelY[row] = moved[i]);
  }
  return { x, y, labelX, labelY };
}

/** Mark options whose position channels become pixels once the scales are known. */
function placed<T extends object>(
  options: T,
  channelsOf: (at: Placed) => Record<string, Float64Array>,
): T {
  return Plot.initializer(options, (data, facets, ...rest) => {
    const channels = channelsOf(place(data, facets, ...rest));
    return {
      data,
      facets,
      channels: Object.fromEntries(
        Object.entries(channels).map(([name, value]) => [name, { value: Array.from(value) }]),
      ),
    };
  });
}

/**
 * Labels at the right ends of lines instead of a legend: the series' symbol on the end, its name in
 * the right margin, both in its colour, moved apart where lines end at about the same height and
 * joined to their line by a thin leader.
 */
export function endLabels(
  ends: readonly LineEnd[],
  { facet }: { readonly facet?: "fx" | "fy" } = {},
): Plot.Markish[] {
  const data = [...ends];
  const base = { x: "x", y: "y", ...(facet === undefined ? {} : { [facet]: "facet" }) };
  const colour = ({ style }: LineEnd) => style.colour;
  return [
    Plot.link(
      data,
      placed({ ...base, stroke: colour, strokeWidth: 0.75 }, (at) => ({
        x1: at.x,
        y1: at.y,
        x2: at.labelX.map((x) => x - 4),
        y2: at.labelY,
      })),
    ),
    Plot.dot(data, { ...base, symbol: ({ style }: LineEnd) => style.symbol, fill: colour, r: 4 }),
    Plot.text(
      data,
      placed(
        {
          ...base,
          text: ({ label, style }: LineEnd) => label ?? style.label,
          fill: colour,
          textAnchor: "start" as const,
          fontWeight: 600,
          fontSize: FONT_SIZE,
        },
        (at) => ({ x: at.labelX, y: at.labelY }),
      ),
    ),
  ];
}
