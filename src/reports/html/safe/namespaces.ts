import type { Element, Node } from "../hast.ts";
import { HTML_TAGS, MATH_TAGS, SVG_TAGS } from "./allow-list.ts";

type Space = "html" | "svg" | "math";

const TAGS: Readonly<Record<Space, ReadonlySet<string>>> = {
  html: new Set([...HTML_TAGS, "svg", "math"]),
  svg: new Set(SVG_TAGS),
  math: new Set(MATH_TAGS),
};
/** Where a parser would go back to HTML inside SVG and MathML: kept as text. */
const TEXT_ONLY = new Set(["title", "desc", "mi", "mn", "mo", "ms", "mtext", "annotation"]);

function spaceInside(element: Element, space: Space): Space {
  if (space !== "html") return space;
  return element.tagName === "svg" || element.tagName === "math" ? element.tagName : "html";
}

/**
 * Keeps every element in the language it belongs to: nothing of HTML inside SVG or MathML and the
 * other way round. Mixing them is how markup that looks harmless to one parser turns into something
 * else in the next.
 */
export function separateNamespaces(nodes: readonly Node[], space: Space = "html"): Node[] {
  return nodes.filter((node) => {
    if (node.type !== "element") return true;
    if (!TAGS[space].has(node.tagName)) return false;
    const inside = spaceInside(node, space);
    node.children = inside !== "html" && TEXT_ONLY.has(node.tagName)
      ? node.children.filter((child) => child.type === "text")
      : separateNamespaces(node.children, inside);
    return true;
  });
}
