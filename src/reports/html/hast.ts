import type { fromHtml } from "hast-util-from-html";
import type { h } from "hastscript";

/** A hast tree (HTML as data): pages are built as trees, so no string can become markup. */
export type Root = ReturnType<typeof fromHtml>;
export type Element = Extract<ReturnType<typeof h>, { type: "element" }>;
export type Node = Element["children"][number];
export type Properties = Element["properties"];

/** The content of a parsed document or fragment; the doctype is left out. */
export function contentOf(parent: Root | Element): Node[] {
  const content: Node[] = [];
  for (const node of parent.children) if (node.type !== "doctype") content.push(node);
  return content;
}
