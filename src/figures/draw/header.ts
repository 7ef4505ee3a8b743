import * as Plot from "@observablehq/plot";
import { INK, QUIET } from "../theme/palette.ts";
import { drawPicture, type Picture } from "./picture.ts";

interface Line {
  readonly text: string;
  readonly fontSize: number;
  readonly fontWeight: number;
  readonly fill: string;
}

function drawLine({ text, ...style }: Line, width: number): Picture {
  const mark = (height: number) =>
    drawPicture({
      width,
      height,
      margin: 0,
      axis: null,
      x: { type: "identity" },
      y: { type: "identity" },
      marks: [
        Plot.text([text], {
          ...style,
          x: 0,
          y: 0,
          textAnchor: "start",
          lineAnchor: "top",
          lineHeight: 1.25,
          // The widest usual fonts (DejaVu Sans, Verdana) run wider than the widths that Plot knows.
          lineWidth: (width / style.fontSize) * (style.fontWeight > 500 ? 0.86 : 0.92),
        }),
      ],
    });
  const { body } = mark(100);
  const lines = body.match(/<tspan/g)?.length ?? 1;
  return { width, height: Math.ceil(lines * style.fontSize * 1.25) + 4, body };
}

/** Title and subtitle as a picture, wrapped to `width`: for files, which travel without a page. */
export function drawHeader(
  title: string,
  subtitle: string,
  { width }: { readonly width: number },
): Picture[] {
  return [
    drawLine({ text: title, fontSize: 17, fontWeight: 700, fill: INK.light }, width),
    drawLine({ text: subtitle, fontSize: 13, fontWeight: 400, fill: QUIET.light }, width),
  ];
}
