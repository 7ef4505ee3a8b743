import * as aq from "arquero";
import { expect, test } from "vitest";
import { InputError } from "../../../src/errors/input-error.ts";
import { readRows, tableOfRows } from "../../../src/figures/tables/rows.ts";

const COLUMNS = { name: "text", value: "number", low: "number?" } as const;

test("reads the columns named, in rows; what may be missing is null", () => {
  const table = aq.table({ name: ["a", "b"], value: Float64Array.of(1, 2), other: [0, 0] });
  expect(readRows("example", table, COLUMNS)).toEqual([
    { name: "a", value: 1, low: null },
    { name: "b", value: 2, low: null },
  ]);
});

test("NaN in a column that may be missing is null", () => {
  const table = aq.table({ name: ["a"], value: [1], low: [NaN] });
  expect(readRows("example", table, COLUMNS)[0].low).toBeNull();
});

test("respects the order and the filter of the table", () => {
  const table = aq.table({ name: ["a", "b", "c"], value: [3, 1, 2] })
    .filter((row: { value: number }) => row.value > 1).orderby("value");
  expect(readRows("example", table, COLUMNS).map(({ name }) => name)).toEqual(["c", "a"]);
});

test.each([
  ["a missing column", { name: ["a"] }, /table of figure example, field value: .* a column value/],
  ["NaN", { name: ["a", "b"], value: [1, NaN] }, /row 3, field value: got NaN, .* a finite number/],
  ["infinity", { name: ["a"], value: [Infinity] }, /got Infinity/],
  ["text in a number column", { name: ["a"], value: ["1"] }, /got "1", expected a finite number/],
  ["a number in a text column", { name: [7], value: [1] }, /field name: got 7, expected text/],
  ["no rows", { name: [], value: [] }, /expected at least one row/],
])("refuses %s", (_what, columns, message) => {
  const read = () => readRows("example", aq.table(columns as never), COLUMNS);
  expect(read).toThrow(InputError);
  expect(read).toThrow(message);
});

test("rows go back to a table as they came", () => {
  const rows = [{ name: "a", value: 1, low: null }];
  expect(tableOfRows(rows).objects()).toEqual(rows);
});

test("text that may be missing is null, and still refused where it is something else", () => {
  const columns = { name: "text?" } as const;
  expect(readRows("example", aq.table({ other: [1, 2] }), columns))
    .toEqual([{ name: null }, { name: null }]);
  expect(readRows("example", aq.table({ name: ["a", null] }), columns))
    .toEqual([{ name: "a" }, { name: null }]);
  expect(() => readRows("example", aq.table({ name: [7] }), columns))
    .toThrow(/got 7, expected text or nothing/);
});

test("columns that are read and not drawn stay out of the table", () => {
  const rows = [{ name: "a", value: 1, low: null, baseline: "b" }];
  const table = tableOfRows(rows, COLUMNS);
  expect(table.objects()).toEqual([{ name: "a", value: 1, low: null }]);
});
