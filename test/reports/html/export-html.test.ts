import * as aq from "arquero";
import { fromHtml } from "hast-util-from-html";
import { visit } from "unist-util-visit";
import { expect, test } from "vitest";
import { DISPLAY } from "../../../src/figures/display.ts";
import { latencyTail } from "../../../src/figures/latency-tail.ts";
import { exportHtml } from "../../../src/reports/html/export-html.ts";
import type { Element } from "../../../src/reports/html/hast.ts";
import { textContent } from "../../../src/reports/html/text-content.ts";
import type { Cell, Notebook } from "../../../src/reports/notebook-format.ts";
import { browserTest } from "../../support/browser.ts";
import {
  codeCell,
  display,
  latencyFigure,
  markdownCell,
  sampleNotebook,
} from "./support/sample-notebook.ts";
import { sampleProvenance as provenance } from "./support/sample-provenance.ts";

function notebookOf(...cells: Cell[]): Notebook {
  return { nbformat: 4, nbformat_minor: 5, metadata: {}, cells };
}

function exported(notebook: Notebook): Promise<string> {
  return exportHtml(notebook, { name: "sample", provenance });
}

function elementsOf(html: string): Element[] {
  const elements: Element[] = [];
  visit(fromHtml(html), "element", (element) => void elements.push(element));
  return elements;
}

test("exportHtml() gives the same bytes for the same notebook", async () => {
  // One notebook for both: Plot numbers its clip paths on and on within a process.
  const notebook = sampleNotebook();
  const before = JSON.stringify(notebook);
  const first = await exported(notebook);
  expect(await exported(notebook)).toBe(first);
  expect(JSON.stringify(notebook)).toBe(before);
});

test("exportHtml() writes HTML without a parse error", async () => {
  const errors: string[] = [];
  fromHtml(await exported(sampleNotebook()), {
    onerror: (error) => void errors.push(String(error)),
  });
  expect(errors).toEqual([]);
});

test("exportHtml() has one h1, headings in order, landmarks, unique ids, and links that lead somewhere", async () => {
  const elements = elementsOf(await exported(sampleNotebook()));
  const levels = elements.flatMap(({ tagName }) =>
    /^h[1-6]$/.test(tagName) ? [Number(tagName[1])] : []
  );
  expect(levels.filter((level) => level === 1)).toEqual([1]);
  levels.forEach((level, index) => expect(level).toBeLessThanOrEqual((levels[index - 1] ?? 0) + 1));
  for (const tag of ["header", "nav", "main", "footer"]) {
    expect(elements.filter(({ tagName }) => tagName === tag), tag).toHaveLength(1);
  }
  const ids = elements.flatMap(({ properties }) =>
    properties.id === undefined ? [] : [String(properties.id)]
  );
  expect(new Set(ids).size).toBe(ids.length);
  const targets = elements.flatMap(({ tagName, properties }) =>
    tagName === "a" && String(properties.href).startsWith("#")
      ? [String(properties.href).slice(1)]
      : []
  );
  expect(targets.length).toBeGreaterThan(6);
  for (const target of targets) expect(ids).toContain(target);
});

test("exportHtml() titles the page after the notebook's first h1, else after its name", async () => {
  const titled = await exported(notebookOf(markdownCell(1, "# The *tail* of $x$\n\ntext")));
  expect(titled).toContain("<title>The tail of x</title>");
  expect(titled).toMatch(/<h1>The <em>tail<\/em> of <span class="katex">/);
  const plain = await exported(notebookOf(markdownCell(1, "text")));
  expect(plain).toContain("<title>sample</title>");
  expect(plain).toContain("<h1>sample</h1>");
});

test("exportHtml() keeps two figures that name the same ids apart", async () => {
  const figure = display({
    "text/html": latencyFigure().replaceAll(/(plot-clip|plot-marker)-\d+/g, "$1-1"),
  });
  const html = await exported(
    notebookOf(codeCell(1, "a", { outputs: [figure] }), codeCell(2, "b", { outputs: [figure] })),
  );
  const ids = new Set(elementsOf(html).map(({ properties }) => properties.id));
  expect(ids).toContain("Cell-1-1-plot-clip-1");
  expect(ids).toContain("Cell-2-1-plot-clip-1");
  for (const [, target] of html.matchAll(/url\(#([^)]*)\)/g)) expect(ids).toContain(target);
});

test("exportHtml() says at the top which cell failed", async () => {
  const html = await exported(sampleNotebook());
  expect(html).toMatch(
    /<strong>This run failed<\/strong> in <a href="#Cell-8">cell 8<\/a>: TypeError/,
  );
  expect(await exported(notebookOf(codeCell(1, "fine")))).not.toContain("This run failed");
});

test("exportHtml() says how to make the page again, prompts and counts left out", async () => {
  const html = await exported(sampleNotebook());
  const command = elementsOf(html).filter(({ tagName }) => tagName === "pre")
    .map((element) => textContent([element])).find((text) => text.includes("deno task"));
  expect(command).toBe(
    "deno task report notebooks/sample.ipynb \\\n  -p seeds=30 \\\n" +
      "  -p 'policies=[\"FIFO\",\"SJF\"]' \\\n  -p 'note=it'\\''s a test'",
  );
  expect(html).not.toMatch(/In\s*\[|Out\s*\[/);
});

test("exportHtml() takes a figure and a table of the library whole, with its colours for the dark", async () => {
  const rows = ["fifo", "sjf"].flatMap((policy, index) =>
    [1, 0.5, 0.1, 0.01, 0.001].map((share) => ({
      policy,
      share,
      seconds: (2 + index) * Math.log(9 / share),
      low: null,
      high: null,
    }))
  );
  const figure = latencyTail(aq.from(rows))[DISPLAY]() as Record<string, string>;
  const html = await exported(notebookOf(codeCell(1, "tail", { outputs: [display(figure)] })));
  const count = (text: string, pattern: RegExp) => text.match(pattern)?.length ?? 0;
  for (const mark of [/<path[ >]/g, /<text[ >]/g, /<tr>/g, /<title[ >]/g]) {
    const extra = mark.source.startsWith("<title") ? 1 : 0;
    expect(count(html.replace(/<footer.*/s, ""), mark) - extra, mark.source).toBe(
      count(figure["text/html"], mark),
    );
  }
  expect(html).toMatch(
    /@media screen and \(prefers-color-scheme:dark\)\{:where\(#Cell-1-1\) \.ds-plot/,
  );
  expect(html).toContain('aria-labelledby="Cell-1-1-ds-latency-tail-title');
  expect(html).toContain('download="latency-tail.csv" href="data:text/csv;base64,');
  expect(html).not.toContain("Left out of this output");
});

browserTest("exportHtml() asks for nothing and shows every mark of a figure", async (browser) => {
  const page = await browser.newPage();
  const requests: string[] = [];
  page.on("request", (request) => requests.push(request.url().slice(0, 40)));
  await page.setContent(await exported(sampleNotebook()));
  expect(requests.filter((url) => !url.startsWith("data:"))).toEqual([]);
  const figure = page.locator("figure").first();
  expect(await figure.locator("svg g[aria-label=dot] path").count()).toBe(60);
  expect(await figure.locator("svg circle title, svg path title").count()).toBe(60);
  const drawn = await page.evaluate(() =>
    [...document.querySelectorAll("svg[role=img] :is(path, circle, line)")].filter((mark) => {
      const { width, height } = mark.getBoundingClientRect();
      return width + height > 0;
    }).length
  );
  expect(drawn).toBeGreaterThan(120);
  await page.close();
});
