import * as Plot from "@observablehq/plot";
import { INK } from "../theme/palette.ts";
import type { SeriesStyle } from "../theme/series.ts";
import { textWidth } from "../text/width.ts";
import { drawPicture, type Picture } from "./picture.ts";

/** How a key shows its series. */
export type KeySample = "line" | "symbol" | "line and symbol" | "area";

/** Options of {@link drawKey}. */
export interface KeyOptions {
  /** Pixels. */
  readonly width: number;
  readonly sample: KeySample;
}

/** A series in a key; `sample` where it is shown otherwise than the rest. */
export type KeyItem = Pick<SeriesStyle, "label" | "colour" | "dash" | "symbol"> & {
  readonly sample?: KeySample;
};

const SAMPLE_WIDTH: Readonly<Record<KeySample, number>> = {
  "line": 26,
  "symbol": 12,
  "line and symbol": 30,
  "area": 16,
};
const ROW = 20;
const SPACE = 22;
const FONT_SIZE = 12;

/** Keys stand above the drawing, in the order of the series, with line breaks where they are due. */
export function drawKey(items: readonly KeyItem[], { width, sample }: KeyOptions): Picture {
  let x = 0;
  let y = ROW / 2;
  const placed = items.map((item) => {
    const sampleWidth = SAMPLE_WIDTH[item.sample ?? sample];
    const itemWidth = sampleWidth + 6 + textWidth(item.label, FONT_SIZE);
    if (x > 0 && x + itemWidth > width) {
      x = 0;
      y += ROW;
    }
    const at = { ...item, sample: item.sample ?? sample, x, y };
    x += itemWidth + SPACE;
    return at;
  });
  return drawPicture({
    width,
    height: y + ROW / 2 + 4,
    margin: 0,
    axis: null,
    x: { type: "identity" },
    y: { type: "identity" },
    marks: placed.map((item) => [
      ...sampleMarks(item),
      Plot.text([item.label], {
        x: item.x + SAMPLE_WIDTH[item.sample] + 6,
        y: item.y,
        textAnchor: "start",
        fontSize: FONT_SIZE,
        fill: INK.light,
      }),
    ]),
  });
}

function sampleMarks(
  { x, y, colour, dash, symbol, sample }: Required<KeyItem> & {
    readonly x: number;
    readonly y: number;
  },
): Plot.Markish[] {
  const width = SAMPLE_WIDTH[sample];
  const one = [0];
  return [
    sample.includes("line")
      ? Plot.link(one, {
        x1: x,
        x2: x + width,
        y,
        stroke: colour,
        strokeWidth: 2,
        strokeDasharray: dash,
      })
      : null,
    sample === "area"
      ? Plot.rect(one, { x1: x, x2: x + width, y1: y - 6, y2: y + 6, fill: colour })
      : null,
    sample.includes("symbol")
      ? Plot.dot(one, { x: x + width / 2, y, symbol, fill: colour, r: 4.5 })
      : null,
  ];
}
