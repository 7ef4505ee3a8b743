import { toHtml } from "hast-util-to-html";
import { expect, test } from "vitest";
import { loadHighlighter } from "../../../src/reports/html/highlighter.ts";
import { joinStreams, renderOutput } from "../../../src/reports/html/outputs.ts";
import type { Output } from "../../../src/reports/notebook-format.ts";
import { display, latencyFigure, PIXEL, stream } from "./support/sample-notebook.ts";

const highlighter = await loadHighlighter();

function rendered(output: Output): string {
  return toHtml(renderOutput(output, { id: "o", highlighter }).element);
}

test("renderOutput() takes the richest form of a result", () => {
  const forms = {
    "text/plain": "plain",
    "application/json": { a: 1 },
    "image/png": PIXEL,
    "text/latex": "$x$",
    "text/markdown": "**mark**",
    "image/svg+xml": "<svg></svg>",
    "text/html": "<p>html</p>",
  };
  const found: string[] = [];
  const left: Record<string, unknown> = { ...forms };
  const signs: Record<string, RegExp> = {
    "text/html": /<p>html<\/p>/,
    "image/svg+xml": /<svg>/,
    "text/markdown": /<strong>mark<\/strong>/,
    "text/latex": /<math/,
    "image/png": /<img/,
    "application/json": /"a": 1/,
    "text/plain": />plain</,
  };
  for (const [type, sign] of Object.entries(signs)) {
    expect(rendered(display(left)), type).toMatch(sign);
    found.push(type);
    delete left[type];
  }
  expect(found.length).toBe(Object.keys(forms).length);
});

test("renderOutput() takes text that nbformat stores as a list of lines", () => {
  expect(rendered(display({ "text/html": ["<p>a\n", "b</p>"] }))).toContain("<p>a\nb</p>");
});

test("renderOutput() confines the CSS of a figure to its output", () => {
  const { element, css } = renderOutput(display({ "text/html": latencyFigure() }), {
    id: "o",
    highlighter,
  });
  expect(css).toContain(":where(#o) :where(.plot-d6a7b5)");
  expect(toHtml(element)).toMatch(/^<div class="output" id="o">/);
  expect(toHtml(element)).not.toContain("<style");
});

test("renderOutput() embeds a picture with its description", () => {
  expect(
    rendered(
      display({ "image/png": PIXEL.slice(0, 50) + "\n" + PIXEL.slice(50), "text/plain": "dot" }),
    ),
  )
    .toContain(`<img src="data:image/png;base64,${PIXEL}" alt="dot">`);
});

test("renderOutput() marks what was written to stderr", () => {
  expect(rendered(stream("stderr", "careful\n"))).toContain("Messages (stderr)");
  expect(rendered(stream("stdout", "fine\n"))).not.toContain("stderr");
});

test("renderOutput() shows an error with its trace, escapes stripped", () => {
  const markup = rendered({
    output_type: "error",
    ename: "TypeError",
    evalue: "\u001b[31mbad\u001b[0m <x>",
    traceback: ["TypeError", "  at \u001b[36mcell\u001b[39m"],
  });
  expect(markup).toContain("<strong>TypeError</strong>: ");
  expect(markup).toContain('<span class="ansi-red">bad</span> &#x3C;x>');
  expect(markup).not.toContain("\u001b");
});

test("renderOutput() says what it cannot show or had to leave out", () => {
  expect(rendered(display({ "application/x-thing": 1 }))).toContain(
    "This output cannot be shown here: application/x-thing",
  );
  expect(rendered(display({ "text/html": "<script>x</script><p>a</p>" }))).toContain(
    "Left out of this output, as it may not stand in a report: &#x3C;script>",
  );
});

test("joinStreams() joins neighbouring pieces of one stream and no others", () => {
  const pieces = [
    stream("stdout", "a\n"),
    stream("stdout", "b\n"),
    stream("stderr", "c"),
    stream("stdout", "d"),
  ];
  expect(joinStreams(pieces)).toEqual([
    stream("stdout", "a\nb\n"),
    stream("stderr", "c"),
    stream("stdout", "d"),
  ]);
});
