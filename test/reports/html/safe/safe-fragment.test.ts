import { readFileSync } from "node:fs";
import fc from "fast-check";
import { fromHtml } from "hast-util-from-html";
import { toHtml } from "hast-util-to-html";
import katex from "katex";
import { visit } from "unist-util-visit";
import { expect, test } from "vitest";
import { safeFragment } from "../../../../src/reports/html/safe/safe-fragment.ts";
import { arqueroTable, latencyFigure, libraryFigure } from "../support/sample-notebook.ts";

const ATTACKS: readonly string[] = JSON.parse(
  readFileSync(new URL("../../../fixtures/html/attack-strings.json", import.meta.url), "utf8"),
);

function safeMarkup(markup: string): string {
  return toHtml(safeFragment(markup, { scope: "o" }).children);
}

/** How often each element with its attributes occurs; what a figure consists of. */
function marksOf(markup: string): Record<string, number> {
  const marks: Record<string, number> = {};
  visit(fromHtml(markup, { fragment: true }), "element", (element) => {
    if (element.tagName === "style") return;
    for (const name of ["", ...Object.keys(element.properties)]) {
      const key = `${element.tagName} ${name}`;
      marks[key] = (marks[key] ?? 0) + 1;
    }
  });
  return marks;
}

test("safeFragment() keeps every mark and attribute of an Observable Plot figure", () => {
  const figure = latencyFigure();
  const { children, css, removed } = safeFragment(figure, { scope: "o" });
  expect(marksOf(toHtml(children))).toEqual(marksOf(figure));
  expect(marksOf(figure)["clipPath "]).toBe(1);
  expect(marksOf(figure)["marker "]).toBe(5);
  expect(marksOf(figure)["title "]).toBe(60);
  expect(css).toContain(":where(#o) :where(.plot-d6a7b5)");
  expect(removed.size).toBe(0);
});

test("safeFragment() keeps a library figure with its table and its CSV as data", () => {
  const figure = libraryFigure();
  const { children, removed } = safeFragment(figure, { scope: "o" });
  const markup = toHtml(children);
  expect(marksOf(markup)).toEqual(marksOf(figure));
  expect(markup).toContain('download="effect.csv" href="data:text/csv;base64,');
  expect(removed.size).toBe(0);
});

test("safeFragment() keeps an Arquero table and its alignment", () => {
  const markup = safeMarkup(arqueroTable());
  expect(marksOf(markup)).toEqual(marksOf(arqueroTable()));
  expect(markup).toContain("text-align:right");
});

test("safeFragment() keeps KaTeX's MathML as it is", () => {
  const formulas = [
    String.raw`\frac{a}{b}`,
    String.raw`\sum_{i=1}^{n} x_i \le \sqrt[3]{y}`,
    String.raw`\begin{aligned} a &= b \\ c &= d \end{aligned}`,
    String.raw`\left(\begin{array}{c|c} 1 & 2 \\ \hline 3 & 4 \end{array}\right)`,
    String.raw`\overbrace{x+y}^{\text{sum}} \hat{b} \mathbb{R} \boxed{z} \color{red}{w}`,
    String.raw`\overline{a} \vec{b} \cancel{c} \xrightarrow{d} \tag{1}`,
  ];
  for (const formula of formulas) {
    const mathml = katex.renderToString(formula, { output: "mathml", displayMode: true });
    expect(marksOf(safeMarkup(mathml)), formula).toEqual(marksOf(mathml));
  }
});

test("safeFragment() keeps gradients, patterns, symbols, text paths and pictures of SVG", () => {
  const svg =
    '<svg viewBox="0 0 9 9" role="img" aria-description="d"><defs><linearGradient id="g" gradientTransform="rotate(9)">' +
    '<stop offset="0" stop-color="red"></stop></linearGradient><symbol id="s"><path d="M0,0L1e-5,1"></path>' +
    '</symbol><pattern id="p" patternUnits="userSpaceOnUse"></pattern></defs>' +
    '<rect fill="url(#g)" style="mix-blend-mode:multiply"></rect><use href="#s"></use>' +
    '<text><textPath href="#t">x</textPath></text>' +
    '<image width="1" preserveAspectRatio="none" xlink:href="data:image/png;base64,AAAA"></image></svg>';
  expect(safeMarkup(svg)).toBe(
    svg.replaceAll('id="', 'id="o-').replaceAll("url(#", "url(#o-").replaceAll(
      'href="#',
      'href="#o-',
    ),
  );
});

test("safeFragment() says what it took out and how often", () => {
  const { children, removed } = safeFragment(
    "<script>a</script><p onclick=x>text<img src=//a.test/x></p><a href=javascript:x>link</a>",
  );
  expect(toHtml(children)).toBe("<p>text<img></p><a>link</a>");
  expect(Object.fromEntries(removed)).toEqual({ "<script>": 1, onclick: 1, src: 1, href: 1 });
});

test("safeFragment() refuses what is nested beyond reason instead of failing", () => {
  for (const markup of ["<div>".repeat(300), "<div>".repeat(100_000), "<svg>".repeat(50_000)]) {
    const { children, removed } = safeFragment(markup);
    expect(children).toEqual([]);
    expect([...removed.keys()]).toEqual(["nested too deeply"]);
  }
});

test("safeFragment() gives markup that a parser reads back unchanged, whatever it was given", () => {
  const piece = fc.oneof(
    fc.constantFrom(...ATTACKS),
    fc.constantFrom(
      ..."<p> </p> <table> <tr> <td> </table> <svg> </svg> <math> </math> <mi> <mtext> <b> </b> <a>"
        .split(" "),
      ..."<title> <desc> <style> </style> <!-- --> <select> <pre> \n <li> <template> <h1> <rect/>"
        .split(" "),
    ),
    fc.string({ maxLength: 8 }),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 9 }), (pieces) => {
      const markup = safeMarkup(pieces.join(""));
      const document = fromHtml(`<!doctype html><body><main><div>${markup}</div></main>`);
      const again = toHtml(document);
      expect(again).toContain(`<main><div>${markup}</div></main>`);
      expect(markup).not.toMatch(
        /<(?:script|style|iframe|object|embed|form|foreignobject|base|meta)/i,
      );
    }),
    { numRuns: 400 },
  );
});
