import { toHtml } from "hast-util-to-html";
import { expect, test } from "vitest";
import { loadHighlighter } from "../../../src/reports/html/highlighter.ts";
import { renderMarkdown } from "../../../src/reports/html/markdown.ts";

const highlighter = await loadHighlighter();

function markup(source: string): string {
  return toHtml(renderMarkdown(source, highlighter));
}

test("renderMarkdown() takes raw HTML as text", () => {
  expect(markup("a <b>b</b> <script>c</script>")).toBe(
    "<p>a &#x3C;b>b&#x3C;/b> &#x3C;script>c&#x3C;/script></p>\n",
  );
});

test("renderMarkdown() reads formulas and leaves prices alone", () => {
  expect(markup("of $x$ and")).toContain("<mi>x</mi>");
  expect(markup("$$\nx\n$$")).toMatch(
    /^<div class="equation"><span class="katex"><math[^>]*display="block"/,
  );
  expect(markup("from $5 to $10 a day")).toBe("<p>from $5 to $10 a day</p>\n");
  expect(markup("`$x$`")).toBe("<p><code>$x$</code></p>\n");
});

test("renderMarkdown() colours TypeScript and keeps other languages plain", () => {
  expect(markup("```ts\nconst a = 1;\n```")).toContain('<span class="t-keyword">const</span>');
  expect(markup("```sh\nconst a = 1;\n```")).toContain(
    '<code class="language-sh">const a = 1;\n</code>',
  );
});

test("renderMarkdown() links to the web without saying where the reader came from", () => {
  expect(markup("[a](https://a.test/x)")).toBe(
    '<p><a href="https://a.test/x" rel="noopener noreferrer">a</a></p>\n',
  );
  expect(markup("[a](#part) [b](other.html)")).toBe(
    '<p><a href="#part">a</a> <a href="other.html">b</a></p>\n',
  );
});

test("renderMarkdown() names a picture from outside instead of fetching it", () => {
  expect(markup("![A queue](https://a.test/x.png)")).toBe(
    '<p><span class="missing">Picture not embedded: A queue</span></p>\n',
  );
});

test("renderMarkdown() puts tables into boxes with column heads", () => {
  expect(markup("| a |\n| --: |\n| 1 |")).toMatch(
    /<div class="scroll" role="group" aria-label="Table" tabindex="0"><table>\s*<thead>\s*<tr>\s*<th style="text-align:right" scope="col">/,
  );
});
