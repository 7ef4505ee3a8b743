import * as Plot from "@observablehq/plot";
import { plotDocument } from "../host.ts";
import { textWidth } from "../text/width.ts";
import { QUIET } from "../theme/palette.ts";
import { type AxisOptions, xAxis, yAxis } from "./axes.ts";
import { drawPicture, type Picture, WIDTH } from "./picture.ts";

/** An axis: Plot's options of the scale, and how the axis itself looks. */
export type FramedAxis = Omit<Plot.ScaleOptions, "label" | "ticks" | "tickFormat" | "grid"> & {
  /** What is shown and its unit: `waiting time, seconds`. @default none */
  readonly label?: string;
  /** Tick values, or about how many. @default Plot's choice */
  readonly ticks?: AxisOptions["ticks"];
  /** @default Plot's choice */
  readonly tickFormat?: AxisOptions["tickFormat"];
  /** Lines across the plot. @default true */
  readonly grid?: boolean;
};

/** Options of {@link drawFramedPlot}: Plot's, but for the axes. */
export type FramedPlotOptions = Omit<Plot.PlotOptions, "x" | "y"> & {
  readonly x?: FramedAxis;
  /** Its label stands above the plot, where it reads level. */
  readonly y?: FramedAxis;
};

const FONT_SIZE = 11.5;
const LEAST = { marginLeft: 40, marginRight: 20 } as const;
const TOP = { plain: 30, faceted: 52 } as const;
const SPACE = 12;
/** Some browsers show tick labels that are words in a font a little wider than `textWidth` allows. */
const WIDEST_FONT = 1.08;

/** Options of the scale alone, and of the axis alone. */
function parted({ label, ticks, tickFormat, grid, ...scale }: FramedAxis = {}) {
  return { scale, label, axis: { ticks, tickFormat, grid } };
}

/** Widths of an axis' tick labels, in pixels; none without that axis. */
function labelWidths(picture: Picture, axis: "x" | "y" | "fx" | "fy"): number[] {
  const root = plotDocument().createElementNS("http://www.w3.org/2000/svg", "g");
  root.innerHTML = picture.body;
  const labels = root.querySelectorAll(`[aria-label="${axis}-axis tick label"] text`);
  return Array.from(labels, (label) => WIDEST_FONT * textWidth(label.textContent ?? "", FONT_SIZE));
}

/** Space between facets that labels at the ends of their axes need, as `fx` takes it. */
function facetPadding(
  facets: number,
  { width, gap }: { readonly width: number; readonly gap: number },
) {
  return facets < 2 ? {} : { paddingInner: Math.max(0.1, gap * facets / (width + gap)) };
}

/**
 * A plot with the axes of the house: grid lines under the marks, the label of y level above, and
 * margins as wide as the tick labels need. What the options say of margins stands.
 */
export function drawFramedPlot({ x, y, marks, ...options }: FramedPlotOptions): Picture {
  const [across, up] = [parted(x), parted(y)];
  const draw = (layout: Plot.PlotOptions, labelAt = SPACE): Picture => {
    const given = { ...layout, ...options };
    return drawPicture({
      width: WIDTH,
      height: 360,
      marginBottom: across.label === undefined ? 28 : 46,
      ...given,
      fx: { label: null, ...layout.fx, ...options.fx },
      fy: { label: null, ...options.fy },
      x: across.scale,
      y: up.scale,
      marks: [
        ...yAxis(up.axis),
        ...xAxis({ ...across.axis, label: across.label ?? "" }),
        up.label === undefined ? null : Plot.text([up.label], {
          ...{ frameAnchor: "top-left", textAnchor: "start", lineAnchor: "bottom" },
          ...{ dx: -(given.marginLeft ?? 0), dy: -labelAt, facet: "super" },
          ...{ fontSize: FONT_SIZE, fill: QUIET.light },
        }),
        ...(marks ?? []),
      ],
    });
  };
  const first = draw({ ...LEAST, marginTop: TOP.plain });
  const widest = (axis: "x" | "y" | "fy") => Math.max(0, ...labelWidths(first, axis));
  const facets = labelWidths(first, "fx").length;
  const marginLeft = Math.max(LEAST.marginLeft, Math.ceil(widest("y")) + SPACE);
  const marginRight = Math.ceil(
    Math.max(LEAST.marginRight, widest("x") / 2 + 4, widest("fy") + SPACE),
  );
  const width = (options.width ?? WIDTH) - marginLeft - marginRight;
  return draw({
    marginLeft,
    marginRight,
    marginTop: facets > 0 ? TOP.faceted : TOP.plain,
    fx: facetPadding(facets, { width, gap: widest("x") + SPACE }),
  }, facets > 0 ? SPACE + TOP.faceted - TOP.plain : SPACE);
}
