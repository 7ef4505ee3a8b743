import { h, s } from "hastscript";
import { toHtml } from "hast-util-to-html";
import { expect, test } from "vitest";
import { separateNamespaces } from "../../../../src/reports/html/safe/namespaces.ts";

test("separateNamespaces() takes HTML out of SVG and MathML and the other way round", () => {
  const nodes = [
    h("p", [s("svg", [s("rect"), h("p", "in svg"), h("math")]), s("rect")]),
    h("math", [h("mi", "x"), s("svg"), h("img")]),
  ];
  expect(toHtml(separateNamespaces(nodes))).toBe(
    "<p><svg><rect></rect></svg></p><math><mi>x</mi></math>",
  );
});

test("separateNamespaces() keeps only text where a parser would return to HTML", () => {
  const nodes = [
    s("svg", [s("title", ["a", h("a", "c")]), s("desc", s("rect"))]),
    h("math", [h("mtext", ["d", h("table")]), h("annotation", ["e", s("svg")])]),
  ];
  expect(toHtml(separateNamespaces(nodes))).toBe(
    "<svg><title>a</title><desc></desc></svg><math><mtext>d</mtext><annotation>e</annotation></math>",
  );
});

test("separateNamespaces() keeps links and groups that belong where they stand", () => {
  const nodes = [h("a", s("svg", s("a", s("g", s("text", s("tspan", "x"))))))];
  expect(toHtml(separateNamespaces(nodes))).toBe(
    "<a><svg><a><g><text><tspan>x</tspan></text></g></a></svg></a>",
  );
});
