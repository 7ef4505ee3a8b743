import * as aq from "arquero";
import { expect, test } from "vitest";
import { DISPLAY } from "../../src/figures/display.ts";
import { showTable } from "../../src/notebook/show-table.ts";

test("showTable(table, options) shows itself as an escaped table and as plain text", () => {
  const shown = showTable(aq.table({ "<i>policy</i>": ["<b>fifo</b>"], seconds: [1.25] }), {
    caption: "Latency",
    digits: 1,
  });
  const { "text/html": html, "text/plain": plain } = shown[DISPLAY]();
  expect(html).toContain('<table class="ds-table"><caption>Latency</caption>');
  expect(html).not.toMatch(/<[bi]>/);
  expect(html).toContain('<td class="number">1.3</td>');
  expect(plain).toBe("Latency\n<i>policy</i>\tseconds\n<b>fifo</b>\t1.25");
});

test("the symbol is the one that the kernel looks for", () => {
  const shown = showTable(aq.table({ a: [1] }), { caption: "A" });
  expect(Object.getOwnPropertySymbols(shown)).toEqual([Symbol.for("Jupyter.display")]);
});

test("showTable(table) needs no options: no caption, all rows", () => {
  const { "text/html": html, "text/plain": plain } = showTable(aq.table({ a: [1, 2] }))[DISPLAY]();
  expect(html).not.toContain("<caption>");
  expect(plain).toBe("a\n1\n2");
});

test("showTable(table, { limit }) says in HTML and in text how many rows of how many it shows", () => {
  const shown = showTable(aq.table({ a: [1, 2, 3] }), { limit: 2 })[DISPLAY]();
  expect(shown["text/html"]).toContain("The first 2 of 3 rows");
  expect(shown["text/plain"]).toBe("a\n1\n2\nThe first 2 of 3 rows");
});

test("showTable(rows) takes rows as objects, with every column that one of them has", () => {
  const rows = [{ policy: "fifo" }, { policy: "sjf", seconds: 0.5, by: { tier: [1, 2] } }];
  const { "text/html": html, "text/plain": plain } = showTable(rows)[DISPLAY]();
  expect(plain.split("\n")[0]).toBe("policy\tseconds\tby");
  expect(html).toContain('<td>fifo</td><td class="number">–</td><td>–</td>');
  expect(html).toContain('<td class="number">0.5000</td><td>{"tier":[1,2]}</td>');
});

test("showTable(frame) takes a danfojs DataFrame or Series, its index first", () => {
  const frame = { columns: ["tokens", "tier"], index: [7, 8], values: [[12, "a"], [480, "b"]] };
  expect(showTable(frame)[DISPLAY]()["text/plain"]).toBe("\ttokens\ttier\n7\t12\ta\n8\t480\tb");
  const series = { columns: ["tokens"], index: ["mean"], values: [3] };
  expect(showTable(series)[DISPLAY]()["text/plain"]).toBe("\ttokens\nmean\t3");
});

test.each([[undefined], [null], ["text"], [{ a: 1 }], [[1, 2]]])(
  "showTable(%j) is refused and says what it takes",
  (value) => {
    expect(() => showTable(value as never)).toThrow(
      /^showTable, field table: got .*, expected an Arquero table, an array of rows as objects, or a danfojs/,
    );
  },
);
