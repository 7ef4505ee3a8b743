import { h } from "hastscript";
import { SKIP, visit } from "unist-util-visit";
import type { Element, Node } from "./hast.ts";

/** A drawing wider than this (CSS pixels) scrolls on a narrow screen rather than shrink to nothing. */
const WIDE = 480;
const MAY_HOLD_A_BOX = new Set([
  "root",
  "div",
  "figure",
  "section",
  "article",
  "details",
  "td",
  "li",
]);

function widthOf(svg: Element): number {
  const width = Number.parseFloat(String(svg.properties.width ?? ""));
  if (Number.isFinite(width)) return width;
  return Number(String(svg.properties.viewBox ?? "").split(/[\s,]+/)[2]) || 0;
}

function isNamed(svg: Element): boolean {
  const { ariaLabel, ariaLabelledBy, ariaHidden, role } = svg.properties;
  const titled = svg.children.some((child) =>
    child.type === "element" && child.tagName === "title"
  );
  return titled || Boolean(ariaLabel ?? ariaLabelledBy ?? role) || String(ariaHidden) === "true";
}

/** Plot labels its marks; a label on an element without a role is not valid and may go unheard. */
function nameGroups(svg: Element): void {
  visit(svg, "element", ({ tagName, properties }) => {
    const { ariaLabel, ariaHidden, role } = properties;
    const hidden = String(ariaHidden) === "true";
    if (tagName === "g" && ariaLabel !== undefined && role === undefined && !hidden) {
      properties.role = "group";
    }
  });
}

/**
 * Makes figures of an output at home in a page: headings inside them become plain captions, wide
 * drawings get a box that scrolls, and a drawing without a name is announced as one picture instead
 * of as loose numbers.
 */
export function settleFigures(root: { readonly type: "root"; children: Node[] }): void {
  visit(root, "element", (element, index, parent) => {
    if (/^h[1-6]$/.test(element.tagName)) {
      const rank = element.tagName <= "h2" ? "figure-title" : "figure-subtitle";
      element.tagName = "p";
      element.properties = { className: [rank] };
      return;
    }
    if (element.tagName !== "svg") return;
    nameGroups(element);
    if (widthOf(element) > WIDE) {
      if (!isNamed(element)) {
        Object.assign(element.properties, { role: "img", ariaLabel: "Figure" });
      }
      const place = parent?.type === "element" ? parent.tagName : parent?.type;
      if (parent && index !== undefined && MAY_HOLD_A_BOX.has(place ?? "")) {
        parent.children[index] = h("div.drawing", element);
      }
    }
    return SKIP;
  });
}
