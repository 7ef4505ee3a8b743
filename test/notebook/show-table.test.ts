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
