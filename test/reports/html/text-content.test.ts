import { h } from "hastscript";
import { expect, test } from "vitest";
import { contentOf } from "../../../src/reports/html/hast.ts";
import { textContent } from "../../../src/reports/html/text-content.ts";
import { texToMathml } from "../../../src/reports/html/tex.ts";
import { fromHtml } from "hast-util-from-html";

test("textContent() joins the text of nested nodes", () => {
  expect(textContent([h("p", ["a", h("b", "b"), "c"]), { type: "text", value: "d" }])).toBe("abcd");
});

test("textContent() gives a formula once, as TeX", () => {
  const formula = fromHtml(texToMathml("x^2", { display: false }), { fragment: true });
  expect(textContent(contentOf(formula))).toBe("x^2");
});
