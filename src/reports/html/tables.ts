import { h } from "hastscript";
import { SKIP, visit } from "unist-util-visit";
import type { Element, Node } from "./hast.ts";
import { textContent } from "./text-content.ts";

/** Tables of more columns are set smaller on paper. */
const MANY_COLUMNS = 10;

function nameOf(table: Element): string {
  const caption = table.children.find((child) =>
    child.type === "element" && child.tagName === "caption"
  );
  return (caption ? textContent([caption]).trim() : "") || "Table";
}

function addClass(element: Element, name: string): void {
  const { className } = element.properties;
  element.properties.className = [...(Array.isArray(className) ? className : []), name];
}

function headCells(table: Element): Element[] {
  const cells: Element[] = [];
  visit(table, "element", (element) => {
    if (element !== table && element.tagName === "table") return SKIP;
    if (element.tagName === "thead") {
      visit(element, "element", (cell) => {
        if (cell.tagName === "th") cells.push(cell);
      });
    }
  });
  return cells;
}

/**
 * Puts every table into a box of its own that scrolls sideways, by wheel, finger and keyboard, and
 * tells assistive technology what its head cells are heads of.
 */
export function boxTables(root: { readonly type: "root"; children: Node[] }): void {
  visit(root, "element", (element, index, parent) => {
    if (element.tagName !== "table" || !parent || index === undefined) return;
    const heads = headCells(element);
    for (const cell of heads) cell.properties.scope ??= "col";
    if (heads.length > MANY_COLUMNS) addClass(element, "many-columns");
    parent.children[index] = h(
      "div.scroll",
      { role: "group", ariaLabel: nameOf(element), tabIndex: 0 },
      element,
    );
    return SKIP;
  });
}
