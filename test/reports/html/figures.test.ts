import { h, s } from "hastscript";
import { toHtml } from "hast-util-to-html";
import { expect, test } from "vitest";
import { settleFigures } from "../../../src/reports/html/figures.ts";
import type { Element } from "../../../src/reports/html/hast.ts";

function settled(element: Element): string {
  const root = { type: "root" as const, children: [element] };
  settleFigures(root);
  return toHtml(root);
}

test("settleFigures() makes headings of a figure plain captions", () => {
  expect(settled(h("figure", [h("h2", { id: "x" }, "T"), h("h3", "S")]))).toBe(
    '<figure><p class="figure-title">T</p><p class="figure-subtitle">S</p></figure>',
  );
});

test("settleFigures() boxes and names a wide drawing", () => {
  expect(settled(h("figure", s("svg", { width: "640" })))).toBe(
    '<figure><div class="drawing"><svg width="640" role="img" aria-label="Figure"></svg></div></figure>',
  );
});

test("settleFigures() keeps the name and role that a drawing has", () => {
  const svg = s("svg", { viewBox: "0 0 640 400", role: "img", ariaLabel: "Tail" });
  expect(settled(svg)).toContain('<svg viewBox="0 0 640 400" role="img" aria-label="Tail">');
});

test("settleFigures() leaves swatches of a legend where they are", () => {
  const swatch = h("span", s("svg", { width: "15" }));
  expect(settled(swatch)).toBe('<span><svg width="15"></svg></span>');
});

test("settleFigures() gives labelled groups of marks the role that makes the label count", () => {
  const svg = s("svg", [
    s("g", { ariaLabel: "dot" }),
    s("g", { ariaLabel: "x", ariaHidden: "true" }),
  ]);
  expect(settled(svg)).toBe(
    '<svg><g aria-label="dot" role="group"></g><g aria-label="x" aria-hidden="true"></g></svg>',
  );
});
