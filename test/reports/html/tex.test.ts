import { expect, test } from "vitest";
import { texToMathml, unwrapTex } from "../../../src/reports/html/tex.ts";

test("texToMathml() gives MathML, in a block or in line", () => {
  expect(texToMathml("x^2", { display: true })).toContain('display="block"');
  expect(texToMathml("x^2", { display: false })).toMatch(
    /^<span class="katex"><math[^>]*><semantics>/,
  );
});

test("texToMathml() shows what it cannot read as code with the reason", () => {
  const markup = texToMathml('\\frac{<b>"', { display: false });
  expect(markup).toMatch(/^<code class="tex-error" title="KaTeX parse error/);
  expect(markup).toContain("\\frac{&lt;b>&quot;</code>");
});

test("texToMathml() follows no command that reaches outside", () => {
  for (const tex of ["\\href{https://a.test}{x}", "\\includegraphics{//a.test/x.png}"]) {
    expect(texToMathml(tex, { display: false })).not.toMatch(/href=|src=/);
  }
});

test("unwrapTex() takes the delimiters of LaTeX off", () => {
  expect(unwrapTex("$$x$$")).toEqual({ source: "x", display: true });
  expect(unwrapTex("\\[ x \\]")).toEqual({ source: " x ", display: true });
  expect(unwrapTex("$x$\n")).toEqual({ source: "x", display: false });
  expect(unwrapTex("\\(x\\)")).toEqual({ source: "x", display: false });
  expect(unwrapTex("x")).toEqual({ source: "x", display: true });
});
