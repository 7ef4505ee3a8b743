import { h } from "hastscript";
import { type CodeCell, tagsOf, textOf } from "../notebook-format.ts";
import type { Element } from "./hast.ts";
import type { Highlighter } from "./highlighter.ts";
import { joinStreams, renderOutput } from "./outputs.ts";

export interface CodeCellContext {
  /** 1-based place among the notebook's code cells. */
  readonly number: number;
  readonly highlighter: Highlighter;
}

export interface RenderedCodeCell {
  /** Null where the cell leaves nothing to show. */
  readonly element: Element | null;
  /** CSS that the outputs bring along, confined to them. */
  readonly css: string;
}

/** Id of a cell on its page. Ids of headings are lower case, so the two never meet. */
export function cellId(number: number): string {
  return `Cell-${number}`;
}

const COMMENT = /^\s*(?:\/\/+|\/\*+)\s*(.*?)\s*(?:\*+\/)?\s*$/;
const LONGEST_SUMMARY = 80;

/** What a folded cell is called: its first line where that is a comment, else "Code". */
export function summaryOf(source: string): string {
  const [first = ""] = source.trimStart().split("\n");
  const comment = COMMENT.exec(first)?.[1].replace(/^[-=*\s]+|[-=*\s]+$/g, "") ?? "";
  if (comment === "") return "Code";
  return comment.length > LONGEST_SUMMARY ? `${comment.slice(0, LONGEST_SUMMARY - 1)}…` : comment;
}

function hidden(cell: CodeCell, part: "source_hidden" | "outputs_hidden"): boolean {
  const jupyter = cell.metadata.jupyter;
  return typeof jupyter === "object" && jupyter !== null && part in jupyter &&
    (jupyter as Record<string, unknown>)[part] === true;
}

function foldedCode(source: string, options: { open: boolean; highlighter: Highlighter }): Element {
  const lines = source.split("\n").length;
  const summary = summaryOf(source);
  return h("details.code", { open: options.open }, [
    h("summary", [
      h("span.what", summary),
      h("span.lines", ` ${lines} ${lines === 1 ? "line" : "lines"}`),
    ]),
    h("pre", {
      role: "group",
      ariaLabel: summary === "Code" ? summary : `Code: ${summary}`,
      tabIndex: 0,
    }, [
      h("code", options.highlighter.code(source)),
    ]),
  ]);
}

/**
 * A code cell: its code folded, its outputs below. Understands the tags of Jupyter Book:
 * `remove-cell`, `remove-input`, `hide-input`, `show-input`, `remove-output`, `hide-output`; and
 * `wall-clock`, of a cell whose outputs are of here and now: the page says so.
 * A cell that failed stands open.
 */
export function renderCodeCell(cell: CodeCell, context: CodeCellContext): RenderedCodeCell {
  const { number, highlighter } = context;
  const tags = new Set(tagsOf(cell));
  if (tags.has("remove-cell")) return { element: null, css: "" };
  const failed = cell.outputs.some((output) => output.output_type === "error");
  const source = textOf(cell.source).trim();
  const withCode = source !== "" && (failed || !tags.has("remove-input"));
  const code = withCode
    ? foldedCode(source, { open: failed || tags.has("show-input"), highlighter })
    : null;

  const shown = tags.has("remove-output") && !failed ? [] : joinStreams(cell.outputs);
  const outputs = shown.map((output, index) =>
    renderOutput(output, { id: `${cellId(number)}-${index + 1}`, highlighter })
  );
  const elements = outputs.map(({ element }) => element);
  const fold = !failed && (tags.has("hide-output") || hidden(cell, "outputs_hidden"));
  const folded = fold && elements.length > 0
    ? [h("details.hidden-output", [h("summary", "Output"), ...elements])]
    : elements;
  const below = tags.has("wall-clock") && folded.length > 0
    ? [...folded, h("p.wall-clock", "Measured by the wall clock: differs from run to run.")]
    : folded;
  if (code === null && below.length === 0) return { element: null, css: "" };
  return {
    element: h("div.cell", { id: cellId(number) }, [code, ...below]),
    css: outputs.map(({ css }) => css).join(""),
  };
}
