import type { Node } from "./hast.ts";

/** The text of nodes without their markup; of a formula its TeX source, not both. */
export function textContent(nodes: readonly Node[]): string {
  return nodes.map((node) => {
    if (node.type === "text") return node.value;
    if (node.type !== "element") return "";
    if (node.tagName === "semantics") {
      return textContent(
        node.children.filter((child) => child.type === "element" && child.tagName === "annotation"),
      );
    }
    return textContent(node.children);
  }).join("");
}
