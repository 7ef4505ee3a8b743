import { toHtml } from "hast-util-to-html";
import { expect, test } from "vitest";
import { renderCodeCell, summaryOf } from "../../../src/reports/html/code-cell.ts";
import { loadHighlighter } from "../../../src/reports/html/highlighter.ts";
import type { CodeCell, Output } from "../../../src/reports/notebook-format.ts";
import { codeCell, stream } from "./support/sample-notebook.ts";

const highlighter = await loadHighlighter();
const printed = stream("stdout", "printed");
const failed: Output = { output_type: "error", ename: "E", evalue: "", traceback: [] };

function rendered(
  source: string,
  options: { outputs?: Output[]; tags?: string[]; jupyter?: object },
) {
  const { outputs = [printed], tags = [], jupyter = {} } = options;
  const cell = codeCell(3, source, { outputs, metadata: { tags, jupyter } }) as CodeCell;
  const { element } = renderCodeCell(cell, { number: 3, highlighter });
  return element === null ? null : toHtml(element);
}

test("summaryOf() names a cell after its first comment", () => {
  expect(summaryOf("// Load the trace\nload();")).toBe("Load the trace");
  expect(summaryOf("\n/** Load the trace */\nload();")).toBe("Load the trace");
  expect(summaryOf("// --- Load ---\nload();")).toBe("Load");
  expect(summaryOf("load(); // not first")).toBe("Code");
  expect(summaryOf("//\nload();")).toBe("Code");
  expect(summaryOf(`// ${"long ".repeat(40)}`)).toHaveLength(80);
});

test("renderCodeCell() folds the code and shows the outputs below it", () => {
  const markup = rendered("// Why\nrun();", {});
  expect(markup).toMatch(/^<div class="cell" id="Cell-3"><details class="code"><summary>/);
  expect(markup).toContain('<span class="what">Why</span><span class="lines"> 2 lines</span>');
  expect(markup).toMatch(/<\/details><div class="output" id="Cell-3-1">/);
});

test("renderCodeCell() honours the tags that remove and hide", () => {
  expect(rendered("run();", { tags: ["remove-cell"] })).toBeNull();
  expect(rendered("run();", { tags: ["remove-input"] })).not.toContain("<details");
  expect(rendered("run();", { tags: ["remove-output"] })).not.toContain("printed");
  expect(rendered("run();", { tags: ["hide-input"] })).toContain('<details class="code">');
  expect(rendered("run();", { tags: ["show-input"] })).toContain('<details class="code" open>');
  const folded = '<details class="hidden-output"><summary>Output</summary>';
  expect(rendered("run();", { tags: ["hide-output"] })).toContain(folded);
  expect(rendered("run();", { jupyter: { outputs_hidden: true } })).toContain(folded);
});

test("renderCodeCell() leaves nothing of a cell without code and output", () => {
  expect(rendered(" \n", { outputs: [] })).toBeNull();
  expect(rendered("run();", { outputs: [], tags: ["remove-input"] })).toBeNull();
});

test("renderCodeCell() hides no failure", () => {
  for (const tags of [["remove-input"], ["remove-output"], ["hide-output"], []]) {
    const markup = rendered("run();", { outputs: [failed], tags });
    expect(markup).toContain('<details class="code" open>');
    expect(markup).toContain("<strong>E</strong>");
    expect(markup).not.toContain("hidden-output");
  }
});

test("renderCodeCell() says of a cell that is tagged so that its outputs are of here and now", () => {
  const said = "differs from run to run";
  expect(rendered("run();", { tags: ["wall-clock"] })).toContain(said);
  expect(rendered("run();", {})).not.toContain(said);
  expect(rendered("run();", { tags: ["wall-clock"], outputs: [] })).not.toContain(said);
});
