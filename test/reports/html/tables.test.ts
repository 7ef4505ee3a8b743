import { h } from "hastscript";
import { toHtml } from "hast-util-to-html";
import { expect, test } from "vitest";
import { boxTables } from "../../../src/reports/html/tables.ts";

function boxed(...nodes: ReturnType<typeof h>[]): string {
  const root = { type: "root" as const, children: nodes.filter((node) => node.type === "element") };
  boxTables(root);
  return toHtml(root);
}

test("boxTables() puts a table into a box named after its caption", () => {
  expect(boxed(h("table", [h("caption", "Verdicts"), h("tr", h("td", "1"))]))).toBe(
    '<div class="scroll" role="group" aria-label="Verdicts" tabindex="0">' +
      "<table><caption>Verdicts</caption><tr><td>1</td></tr></table></div>",
  );
});

test("boxTables() gives head cells a scope and keeps one that is there", () => {
  const markup = boxed(
    h("table", [h("thead", h("tr", [h("th", "a"), h("th", { scope: "colgroup" }, "b")]))]),
  );
  expect(markup).toContain('<th scope="col">a</th><th scope="colgroup">b</th>');
});

test("boxTables() marks a table of many columns and keeps its classes", () => {
  const head = h("thead", h("tr", Array.from({ length: 11 }, () => h("th", "x"))));
  expect(boxed(h("table.ds-table", head))).toContain('<table class="ds-table many-columns">');
});

test("boxTables() boxes tables inside figures and cells once", () => {
  const markup = boxed(h("figure", h("details", h("table", h("tr", h("td", h("table")))))));
  expect(markup.match(/class="scroll"/g)?.length).toBe(1);
});
