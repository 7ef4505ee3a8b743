import fc from "fast-check";
import Papa from "papaparse";
import { expect, test } from "vitest";
import { withFormula, withoutFormula } from "../../src/csv/formula.ts";
import { csvChunks, writeCsv } from "../../src/csv/write-csv.ts";

const text = fc.oneof(
  fc.string({ unit: "grapheme" }),
  fc.tuple(fc.constantFrom("'", "''", "", '"'), fc.constantFrom("=", "+", "-", "@", "\t", "\r"))
    .chain(([before, sign]) => fc.string().map((rest) => before + sign + rest)),
);

test("text that a spreadsheet would run is made inert, and any text comes back", () => {
  fc.assert(fc.property(text, (text) => {
    const written = withoutFormula(text);
    expect(written).not.toMatch(/^[=+\-@\t\r]/);
    expect(withFormula(written)).toBe(text);
  }));
});

test("a parser reads the cells that were written, whatever they hold", () => {
  const rows = fc.integer({ min: 1, max: 4 }).chain((columns) =>
    fc.array(fc.array(text, { minLength: columns, maxLength: columns }), { minLength: 1 })
  );
  fc.assert(fc.property(rows, ([header, ...rows]) => {
    const { data } = Papa.parse<string[]>(writeCsv(header, rows).slice(0, -1), {
      delimiter: ",",
      newline: "\n",
    });
    expect(data.map((cells) => cells.map(withFormula))).toEqual([header, ...rows]);
  }));
});

test("numbers keep every bit and their sign, and NaN is nothing", () => {
  expect(writeCsv(["x", "y"], [[0.1 + 0.2, -5], [-0, NaN], [1e-7, null]]))
    .toBe("x,y\n0.30000000000000004,-5\n-0,\n1e-7,\n");
});

test("a row of one empty cell is no blank line", () => {
  expect(writeCsv(["x"], [[""], [null], ["a"]])).toBe('x\n""\n""\na\n');
});

test("the pieces of a long text make up the whole", () => {
  const rows = Array.from({ length: 20_000 }, (_, i) => [i, `name ${i}`]);
  const chunks = [...csvChunks(["i", "name"], rows)];
  expect(chunks.length).toBeGreaterThan(3);
  expect(chunks.join("")).toBe(writeCsv(["i", "name"], rows));
});
