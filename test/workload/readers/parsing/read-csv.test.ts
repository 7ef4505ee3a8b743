import { expect, test } from "vitest";
import { lengthTable } from "../../../../src/workload/readers/formats/lengths.ts";
import { readWhole } from "../../../../src/workload/readers/read-trace.ts";

const read = (file: string | Uint8Array) => readWhole(lengthTable, file, "l.csv");
const pairs = (file: string | Uint8Array) => {
  const { requests, truth } = read(file).workload;
  return Array.from(requests.promptTokens, (prompt, i) => [prompt, truth.outputTokens[i]]);
};
const HEADER = "ContextTokens,GeneratedTokens";

test("columns are found by name, in any order, among others", () => {
  expect(pairs(`note,GeneratedTokens,x,ContextTokens\nhi,2,,1\nho,4,,3\n`)).toEqual([[1, 2], [
    3,
    4,
  ]]);
  expect(read(`note,GeneratedTokens,x,ContextTokens\nhi,2,,1\n`).report.columnsIgnored)
    .toEqual(["note", "x"]);
});

const alike: readonly (readonly [string, string | Uint8Array])[] = [
  ["no line end after the last row", `${HEADER}\n1,2\n3,4`],
  ["CRLF", `${HEADER}\r\n1,2\r\n3,4\r\n`],
  ["line ends of all kinds", `${HEADER}\r1,2\r\n3,4\n`],
  ["a byte order mark", `\ufeff${HEADER}\n1,2\n3,4\n`],
  ["a byte order mark in bytes", new TextEncoder().encode(`\ufeff${HEADER}\n1,2\n3,4\n`)],
  ["quotes everywhere", `"ContextTokens","GeneratedTokens"\n"1","2"\n"3","4"\n`],
  ["an extra column with commas and quotes in quotes", `${HEADER},n\n1,2,"a,b"\n3,4,"c""d"\n`],
];

for (const [what, file] of alike) {
  test(`a file with ${what} reads the same`, () => {
    expect(pairs(file)).toEqual([[1, 2], [3, 4]]);
    expect(read(file).report).toMatchObject({ rowsRead: 2, rowsKept: 2, blankLines: 0 });
  });
}

test("blank lines are counted, not read, and keep their place in row numbers", () => {
  const file = `${HEADER}\n\n1,2\n\n\n`;
  expect(read(file).report).toMatchObject({ rowsRead: 1, blankLines: 3 });
  expect(() => read(`${HEADER}\n\n1,2\n\n3,x\n`)).toThrow(
    'l.csv, row 5, field GeneratedTokens: got "x"',
  );
});

test("row numbers are line numbers with any line end", () => {
  for (const end of ["\n", "\r\n", "\r"]) {
    expect(() => read([HEADER, "1,2", "3,x"].join(end))).toThrow("l.csv, row 3,");
  }
});

test("a line of ten million characters is refused, not a hang", () => {
  const start = performance.now();
  expect(() => read(`${HEADER}\n1,${"9".repeat(1e7)}\n`)).toThrow("l.csv, row 2");
  expect(() => read(`${HEADER}\n${'"'.repeat(1e6)}\n`)).toThrow("l.csv, row 2");
  expect(() => read(`${HEADER}\n${",".repeat(1e6)}\n`)).toThrow("got 1000001, expected 2 cells");
  expect(performance.now() - start).toBeLessThan(10_000);
});
