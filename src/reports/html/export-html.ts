import { h } from "hastscript";
import { type Cell, type Notebook, tagsOf, textOf } from "../notebook-format.ts";
import { cellId, renderCodeCell } from "./code-cell.ts";
import type { Element, Node } from "./hast.ts";
import { arrangeHeadings } from "./headings.ts";
import { type Highlighter, loadHighlighter } from "./highlighter.ts";
import {
  commitInWords,
  durationInWords,
  howMade,
  momentInWords,
  parameterWords,
  shellWord,
} from "./how-made.ts";
import { renderMarkdown } from "./markdown.ts";
import { renderPage } from "./page.ts";
import type { Provenance } from "./provenance.ts";
import { tableOfContents } from "./table-of-contents.ts";
import { textContent } from "./text-content.ts";

export interface ExportHtmlOptions {
  /** Name of the notebook without folder and ending, for example `reproduction`. */
  readonly name: string;
  readonly provenance: Provenance;
}

interface RenderedCell {
  readonly nodes: Node[];
  readonly css: string;
}

function renderCell(cell: Cell, number: number, highlighter: Highlighter): RenderedCell {
  if (cell.cell_type === "code") {
    const { element, css } = renderCodeCell(cell, { number, highlighter });
    return { nodes: element === null ? [] : [element], css };
  }
  const source = textOf(cell.source);
  if (source.trim() === "" || tagsOf(cell).includes("remove-cell")) return { nodes: [], css: "" };
  if (cell.cell_type === "raw") return { nodes: [h("pre.text", { tabIndex: 0 }, source)], css: "" };
  return { nodes: renderMarkdown(source, highlighter), css: "" };
}

function failureNote(notebook: Notebook): Element | null {
  const codeCells = notebook.cells.filter((cell) => cell.cell_type === "code");
  for (const [index, cell] of codeCells.entries()) {
    const error = cell.outputs.find((output) => output.output_type === "error");
    if (error === undefined) continue;
    const hidden = tagsOf(cell).includes("remove-cell");
    const place = `cell ${index + 1}`;
    return h("p.failed", { role: "note" }, [
      h("strong", "This run failed"),
      " in ",
      hidden ? place : h("a", { href: `#${cellId(index + 1)}` }, place),
      `: ${error.ename}. What follows is incomplete.`,
    ]);
  }
  return null;
}

function byline(provenance: Provenance): Element {
  return h("p.byline", [
    h("time", { dateTime: provenance.startedAt }, momentInWords(provenance.startedAt)),
    ` · ran for ${durationInWords(provenance.durationSeconds)} · ${
      provenance.commit === null ? "" : "commit "
    }${commitInWords(provenance)}`,
  ]);
}

function bodyOfCells(cells: readonly { readonly cell: Cell; readonly nodes: Node[] }[]): Node[] {
  return cells.flatMap(({ cell, nodes }) => {
    if (nodes.length === 0) return [];
    return cell.cell_type === "markdown" ? [h("div.prose", nodes)] : nodes;
  });
}

/**
 * One self-contained HTML file of an executed notebook, the same for the same input. No request
 * leaves the page, no script is in it, and what stands in data never becomes markup.
 */
export async function exportHtml(notebook: Notebook, options: ExportHtmlOptions): Promise<string> {
  const { name, provenance } = options;
  const highlighter = await loadHighlighter();
  // Code cells count from 1, as the runner's messages name them.
  let number = 0;
  const cells = notebook.cells.map((cell) => {
    if (cell.cell_type === "code") number += 1;
    return { cell, ...renderCell(cell, number, highlighter) };
  });
  const prose = cells.filter(({ cell }) => cell.cell_type === "markdown").map((it) => it.nodes);
  const { title, sections } = arrangeHeadings(prose);
  const titleText = title === null ? name : textContent(title).trim() || name;
  const contents = tableOfContents(sections);
  const command = [
    `deno task report ${shellWord(`notebooks/${name}.ipynb`)}`,
    ...parameterWords(provenance.parameters),
  ].join(" \\\n  ");
  return renderPage({
    title: titleText,
    css: cells.map(({ css }) => css).join(""),
    body: [
      h("a.skip", { href: "#content" }, "Skip to content"),
      h("div.page", { class: contents === null ? "" : "with-contents" }, [
        h("header.page-header", [
          h("h1", titleText === name ? name : title),
          byline(provenance),
          failureNote(notebook),
        ]),
        contents,
        h("main", { id: "content" }, bodyOfCells(cells)),
        h("footer.page-footer", howMade(provenance, { command })),
      ]),
    ],
  });
}
