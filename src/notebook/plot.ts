/**
 * Observable Plot as a cell imports it (`import * as Plot from "@observablehq/plot"`, see `imports`
 * in deno.json): the library itself, drawing into the project's document, as Deno has none, and
 * returning figures that show themselves.
 *
 * @module
 */
import * as Plot from "@observablehq/plot";
import { parseHTML } from "linkedom/worker";
import { DISPLAY } from "../figures/display.ts";
import { notebook } from "./notebook.ts";
import { PixelCanvas } from "./pixel-canvas.ts";

export * from "@observablehq/plot";

let own: Document | undefined;

/** A document whose canvases draw pixels: Plot needs them for the ramps of legends and for rasters. */
function plotDocument(): Document {
  if (own !== undefined) return own;
  own = parseHTML("<!doctype html><html></html>").document as unknown as Document;
  const { createElement } = own;
  own.createElement = (name: string) =>
    name === "canvas"
      ? new PixelCanvas() as unknown as HTMLElement
      : Reflect.apply(createElement, own, [name]);
  return own;
}

/** What a reader without pictures gets of a figure. */
function textOf(node: Element): string {
  const label = node.getAttribute("aria-label");
  const title = node.querySelector("h2, title")?.textContent;
  return [title, label].find((text) => text) ?? "Figure";
}

/** As HTML: as an SVG picture, nbconvert takes its marks out and JupyterLab cuts it off the theme. */
function showing<T extends Element | undefined>(node: T): T {
  if (node === undefined) return node;
  return Object.defineProperty(node, DISPLAY, {
    value: () => ({ "text/html": node.outerHTML, "text/plain": textOf(node) }),
  });
}

/** Plot's `plot` with a document where none is given. */
export function plot(options: Plot.PlotOptions = {}): ReturnType<typeof Plot.plot> {
  return showing(Plot.plot({ document: plotDocument(), ...options }));
}

/** Plot's `legend` with a document where none is given. */
export function legend(options: Plot.LegendOptions): ReturnType<typeof Plot.legend> {
  const given: Plot.LegendOptions & { document: Document } = {
    document: plotDocument(),
    ...options,
  };
  return showing(Plot.legend(given));
}

// `Plot.dot(data).plot()` is short for `Plot.plot({ marks: [Plot.dot(data)] })`.
Plot.Mark.prototype.plot = function ({ marks = [], ...options }: Plot.PlotOptions = {}) {
  return plot({ ...options, marks: [...marks, this as Plot.RenderableMark] });
};

notebook();
