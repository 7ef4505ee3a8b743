import { parseHTML } from "linkedom";

/** A drawing, parsed. */
export interface Drawing {
  readonly root: Element;
  /** All elements that match. */
  all(selector: string): Element[];
  /** Text of all text elements, in document order. */
  readonly texts: readonly string[];
}

/** Parses SVG markup to look at its structure. */
export function parseSvg(svg: string): Drawing {
  const { document } = parseHTML(`<!doctype html><body>${svg}</body>`);
  const root = document.querySelector("svg") as unknown as Element;
  const all = (selector: string) => [...root.querySelectorAll(selector)];
  return {
    root,
    all,
    texts: all("text").map((text) => text.textContent ?? ""),
  };
}

/** Marks of a kind: the shapes inside Plot's groups of that name. */
export function marksIn(drawing: Drawing, kind: string, shape: string): Element[] {
  return drawing.all(`g[aria-label="${kind}"]`).flatMap((group) => [
    ...group.querySelectorAll(shape),
  ]);
}
