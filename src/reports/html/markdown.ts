import { tex } from "@mdit/plugin-tex";
import { h } from "hastscript";
import MarkdownIt from "markdown-it";
import { SKIP, visit } from "unist-util-visit";
import type { Element, Node } from "./hast.ts";
import type { Highlighter } from "./highlighter.ts";
import { safeFragment } from "./safe/safe-fragment.ts";
import { boxTables } from "./tables.ts";
import { texToMathml } from "./tex.ts";
import { textContent } from "./text-content.ts";

const markdown = new MarkdownIt({ html: false });
// The plugin is typed against the type package of markdown-it 14; markdown-it 15 brings its own.
markdown.use(tex as unknown as Parameters<typeof markdown.use>[0], {
  delimiters: "dollars",
  render: (source: string, display: boolean) => {
    const mathml = texToMathml(source, { display });
    return display ? `<div class="equation">${mathml}</div>\n` : mathml;
  },
});

const HIGHLIGHTED = new Set(["ts", "typescript", "js", "javascript"]);

function languageOf(code: Element): string {
  const classes = code.properties.className;
  const names = Array.isArray(classes) ? classes.map(String) : [];
  return names.find((name) => name.startsWith("language-"))?.slice("language-".length) ?? "";
}

function hasAddress(image: Element): boolean {
  return typeof image.properties.src === "string";
}

/**
 * Markdown as tree: no raw HTML, links may leave the page, pictures may not come from outside.
 * Headings keep their levels; {@link arrangeHeadings} fits them into the page.
 */
export function renderMarkdown(source: string, highlighter: Highlighter): Node[] {
  const { children } = safeFragment(markdown.render(source), { external: true });
  const root = { type: "root" as const, children };
  visit(root, "element", (element, index, parent) => {
    if (element.tagName === "pre") {
      element.properties.tabIndex = 0;
      const [code] = element.children;
      if (code?.type === "element" && HIGHLIGHTED.has(languageOf(code))) {
        code.children = highlighter.code(textContent([code]).trimEnd());
      }
      return SKIP;
    }
    if (element.tagName === "img" && !hasAddress(element) && parent && index !== undefined) {
      const alt = String(element.properties.alt ?? "");
      parent.children[index] = h(
        "span.missing",
        `Picture not embedded: ${alt || "no description"}`,
      );
    }
    if (element.tagName === "a" && /^https?:/.test(String(element.properties.href ?? ""))) {
      element.properties.rel = ["noopener", "noreferrer"];
    }
  });
  boxTables(root);
  return root.children;
}
