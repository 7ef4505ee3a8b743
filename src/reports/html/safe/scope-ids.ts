import { visit } from "unist-util-visit";
import type { Node, Properties } from "../hast.ts";

const ID_LISTS = ["ariaLabelledBy", "ariaDescribedBy", "ariaDetails", "headers"] as const;

function scopedList(value: Properties[string], prefix: string): string[] {
  const names = Array.isArray(value) ? value.map(String) : String(value).split(/\s+/);
  return names.filter((name) => name !== "").map((name) => `${prefix}-${name}`);
}

function scopedText(text: string, prefix: string): string {
  return text.replaceAll("url(#", `url(#${prefix}-`);
}

/**
 * Puts `prefix-` before every id of a fragment and wherever one is named: figures number their
 * clip paths and markers from 1 each, so two on one page would take each other's.
 */
export function scopeIds(nodes: readonly Node[], prefix: string): void {
  visit({ type: "root", children: [...nodes] }, "element", ({ properties }) => {
    for (const [name, value] of Object.entries(properties)) {
      if (typeof value === "string" && value.includes("url(#")) {
        properties[name] = scopedText(value, prefix);
      }
    }
    if (typeof properties.id === "string") properties.id = `${prefix}-${properties.id}`;
    for (const name of ID_LISTS) {
      const value = (properties as Properties)[name];
      if (value !== undefined) Object.assign(properties, { [name]: scopedList(value, prefix) });
    }
    for (const name of ["href", "xLinkHref"]) {
      const value = properties[name];
      if (typeof value === "string" && value.startsWith("#")) {
        properties[name] = `#${prefix}-${value.slice(1)}`;
      }
    }
  });
}
