import * as aq from "arquero";
import { expect, test } from "vitest";
import { tableToCsv } from "../../../src/figures/tables/csv.ts";

test("numbers keep every digit, and lines end in LF with none to spare", () => {
  const csv = tableToCsv(aq.table({ x: [0.1 + 0.2, 1e21, -5], y: Float64Array.of(1 / 3, 2, 3) }));
  expect(csv).toBe("x,y\n0.30000000000000004,0.3333333333333333\n1e+21,2\n-5,3\n");
});

test("nothing is written for null and NaN", () => {
  expect(tableToCsv(aq.table({ a: [null, NaN, 1], b: ["x", "y", "z"] })))
    .toBe("a,b\n,x\n,y\n1,z\n");
});

test("commas, quotes and line breaks are quoted", () => {
  expect(tableToCsv(aq.table({ text: ["a,b", 'say "x"', "two\nlines"] })))
    .toBe('text\n"a,b"\n"say ""x"""\n"two\nlines"\n');
});

test.each(["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])(
  "text that a spreadsheet would run is made inert: %j",
  (formula) => {
    const csv = tableToCsv(aq.table({ [formula]: [formula, 1] }));
    expect(csv.replaceAll('"', "").split("\n")[0].startsWith("'")).toBe(true);
    expect(csv).toContain(`'${formula}`);
    expect(csv).not.toMatch(/(?:^|\n)"?[=+\-@\t]/);
  },
);

test("negative numbers are numbers, not formulas", () => {
  expect(tableToCsv(aq.table({ effect: [-0.388] }))).toBe("effect\n-0.388\n");
});
