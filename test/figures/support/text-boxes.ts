import { textWidth } from "../../../src/figures/text/width.ts";
import { parseSvg } from "./svg.ts";

/** Where a line of text lies in a drawing, in pixels; widths are estimated on the safe side. */
export interface TextBox {
  readonly text: string;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** An attribute as the element has it or inherits it. */
function inherited(element: Element, name: string): string | null {
  for (let at: Element | null = element; at !== null; at = at.parentElement) {
    const value = at.getAttribute(name);
    if (value !== null) return value;
  }
  return null;
}

/** Sum of the translations of an element and of all that it lies in. */
function translation(element: Element): readonly [x: number, y: number] {
  let [x, y] = [0, 0];
  for (let at: Element | null = element; at !== null; at = at.parentElement) {
    const match = /translate\(([-\d.]+)(?:[, ]+([-\d.]+))?\)/.exec(
      at.getAttribute("transform") ?? "",
    );
    x += Number(match?.[1] ?? 0);
    y += Number(match?.[2] ?? 0);
  }
  return [x, y];
}

const SHARE_LEFT: Readonly<Record<string, number>> = { start: 0, middle: 0.5, end: 1 };
/** Height of capitals and depth of tails, in em. */
const [ABOVE, BELOW] = [0.75, 0.2];

/** Boxes of all lines of text in a drawing without rotated text. */
export function textBoxes(svg: string): TextBox[] {
  return parseSvg(svg).all("text").flatMap((element) => {
    const [x, y] = translation(element);
    const size = Number(inherited(element, "font-size"));
    const anchor = SHARE_LEFT[inherited(element, "text-anchor") ?? "start"];
    const spans = [...element.querySelectorAll("tspan")];
    const em = (value: string | null) => value?.endsWith("em") ? parseFloat(value) * size : 0;
    let baseline = y + em(element.getAttribute("y")) + em(element.getAttribute("dy"));
    return (spans.length > 0 ? spans : [element]).map((line) => {
      if (line !== element) baseline += em(line.getAttribute("dy")) + em(line.getAttribute("y"));
      const text = line.textContent ?? "";
      const width = textWidth(text, size);
      const left = x - anchor * width;
      const [top, bottom] = [baseline - ABOVE * size, baseline + BELOW * size];
      return { text, left, right: left + width, top, bottom };
    });
  });
}

/** Texts that lie on one another or are cut at the edge of the drawing, in words. */
export function overlaps(svg: string): string[] {
  const { root } = parseSvg(svg);
  const [width, height] = ["width", "height"].map((name) => Number(root.getAttribute(name)));
  const boxes = textBoxes(svg).filter(({ text }) => text !== "");
  return boxes.flatMap(({ text, left, right, top, bottom }, i) => {
    const cut = left < -1 || top < -1 || right > width + 1 || bottom > height + 1;
    const on = boxes.slice(i + 1).filter((other) =>
      Math.min(right, other.right) - Math.max(left, other.left) > 1 &&
      Math.min(bottom, other.bottom) - Math.max(top, other.top) > 1
    );
    return [
      ...(cut ? [`${text} is cut`] : []),
      ...on.map((other) => `${text} lies on ${other.text}`),
    ];
  });
}
