import * as Plot from "@observablehq/plot";
import { plotDocument } from "../host.ts";

/** A drawn part of a figure: SVG elements and the box that they need, in pixels. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  /** SVG markup without a root; ids are still Plot's. */
  readonly body: string;
}

/** Width of every figure in pixels, without the margin that a file adds. */
export const WIDTH = 720;

const GEOMETRY = [
  "d",
  "transform",
  "x",
  "y",
  "x1",
  "y1",
  "x2",
  "y2",
  "cx",
  "cy",
  "r",
  "width",
  "height",
] as const;
const LONG_FRACTION = /-?\d+\.\d{3,}(?:e[-+]?\d+)?/g;

/** Whole coordinates of 1/100 pixel: half the bytes, and no last digit that another machine rounds. */
function roundGeometry(element: Element): void {
  for (const name of GEOMETRY) {
    const value = element.getAttribute(name);
    if (value === null || !value.includes(".")) continue;
    element.setAttribute(
      name,
      value.replace(LONG_FRACTION, (number) => String(Math.round(Number(number) * 100) / 100 + 0)),
    );
  }
}

/**
 * Draws with Observable Plot and takes the marks out of its root. Text inherits 12 px and the ink
 * colour from the figure's own root.
 */
export function drawPicture(options: Plot.PlotOptions): Picture {
  const root = Plot.plot({
    ...options,
    document: plotDocument(),
    className: "ds-plot",
    figure: false,
  }) as SVGElement;
  const children = [...root.children].filter(({ tagName }) => tagName.toLowerCase() !== "style");
  for (const element of root.querySelectorAll("*")) roundGeometry(element);
  return {
    width: Number(root.getAttribute("width")),
    height: Number(root.getAttribute("height")),
    body: children.map(({ outerHTML }) => outerHTML).join(""),
  };
}
