import * as aq from "arquero";
import { parseHTML } from "linkedom";
import { expect, test } from "vitest";
import { tableToHtml } from "../../../src/figures/tables/html-table.ts";

function parsed(table: aq.ColumnTable, options = {}) {
  const html = tableToHtml(table, { caption: "An example", ...options });
  const { document } = parseHTML(`<!doctype html><body>${html}</body>`);
  const cells = (selector: string) =>
    [...document.querySelectorAll(selector)].map((cell) => cell.textContent);
  return { html, document, cells };
}

test("has a caption, and heads with their scope", () => {
  const { document, cells } = parsed(aq.table({ policy: ["fifo"], seconds: [1.5] }));
  expect(cells("caption")).toEqual(["An example"]);
  expect(cells('thead th[scope="col"]')).toEqual(["policy", "seconds"]);
  expect(document.querySelector("table")!.className).toBe("ds-table");
});

test("numbers stand to the right with as many decimals down a whole column", () => {
  const { document, cells } = parsed(aq.table({ seconds: [1234.5, 2, null], n: [1, 2000, 3] }));
  expect(cells("tbody tr > td:first-child")).toEqual(["1,235", "2", "–"]);
  expect(cells("tbody tr > td:nth-child(2)")).toEqual(["1", "2,000", "3"]);
  expect(document.querySelectorAll("tbody .number")).toHaveLength(6);
  const small = parsed(aq.table({ x: [0.12345, 1] }));
  expect(small.cells("tbody td")).toEqual(["0.123", "1.000"]);
});

test("digits sets the decimals of columns with fractions, not of whole numbers", () => {
  const { cells } = parsed(aq.table({ x: [1.234], n: [3] }), { digits: 1 });
  expect(cells("tbody td")).toEqual(["1.2", "3"]);
});

test("rows beyond the limit are left out, and it says so", () => {
  const { cells } = parsed(aq.table({ x: Array.from({ length: 1500 }, (_, i) => i) }), {
    limit: 2,
  });
  expect(cells("tbody td")).toEqual(["0", "1"]);
  expect(cells("tfoot td")).toEqual(["The first 2 of 1,500 rows"]);
});

test("cells, column names and the caption never become markup", () => {
  const evil = '<img src=x onerror="alert(1)">';
  const { html, document, cells } = parsed(aq.table({ [evil]: [evil] }), { caption: evil });
  expect(html).not.toContain("<img");
  expect(document.querySelectorAll("img")).toHaveLength(0);
  expect([...cells("caption"), ...cells("th"), ...cells("td")]).toEqual([evil, evil, evil]);
});

test("an empty table has heads and no rows", () => {
  const { cells } = parsed(aq.table({ a: [], b: [] }));
  expect(cells("th")).toEqual(["a", "b"]);
  expect(cells("tbody td")).toEqual([]);
});
