import { expect, test } from "vitest";
import { burstGpt } from "../../../../src/workload/readers/formats/burstgpt.ts";
import { vidur } from "../../../../src/workload/readers/formats/vidur.ts";
import { readWhole } from "../../../../src/workload/readers/read-whole.ts";

const HEADER = "arrived_at;num_prefill_tokens;num_decode_tokens\n";
const read = (...rows: string[]) =>
  readWhole(vidur, HEADER + rows.map((row) => `${row}\n`).join(""), "v.csv");

test("a comma before a fraction is read, in times and whole numbers, and said", () => {
  const { workload, report } = read("0,5;374,0;44,0", "4,25;396,0;109,00");
  expect([...workload.requests.arrival]).toEqual([0.5, 4.25]);
  expect([...workload.requests.promptTokens]).toEqual([374, 396]);
  expect([...workload.truth.outputTokens]).toEqual([44, 109]);
  expect(report.assumptions).toContain(
    "commas in arrived_at, num_prefill_tokens, num_decode_tokens stand before fractions, as some " +
      "numbers there show",
  );
});

test("three digits are a fraction where another number of the column has one", () => {
  // 1,374 comes first; 2,5 tells what it is.
  expect([...read("1,374;9;9", "2,5;9;9").workload.requests.arrival]).toEqual([1.374, 2.5]);
  expect([...read("0,125;9;9", "1,374;9;9").workload.requests.arrival]).toEqual([0.125, 1.374]);
});

test("where nothing tells a fraction from thousands the file is refused", () => {
  expect(() => read("1,374;9;9", "2,500;9;9")).toThrow(
    'v.csv, row 2, field arrived_at: got "1,374", expected a number whose comma tells a fraction',
  );
  // One column does not speak for another: 1,000 tokens are one or a thousand.
  expect(() => read("1,5;1,000;9")).toThrow('field num_prefill_tokens: got "1,000"');
});

test("thousands are no whole number, and points beside commas are refused", () => {
  expect(() => read("0,5;374,0;9", "0,5;1,374;9")).toThrow('got "1,374", expected an integer');
  expect(() => read("0,5;9;9", "1.374;9;9")).toThrow("row 3 has a point");
  expect(() => read("1.374;9;9", "0,5;9;9")).toThrow("row 2 has a point");
});

test("a table without commas in its numbers says nothing of them", () => {
  expect(read("0.5;9;9").report.assumptions.join()).not.toContain("commas");
});

test("BurstGPT as a spreadsheet saves it", () => {
  const text = "Timestamp;Model;Request tokens;Response tokens;Total tokens;Log Type\n" +
    "5,0;ChatGPT;472,0;18,0;490,0;Conversation log\n45,5;ChatGPT;100,0;20,0;120,0;API log\n";
  const { workload } = readWhole(burstGpt, text, "b.csv");
  expect([...workload.requests.arrival]).toEqual([0, 40.5]);
  expect([...workload.requests.promptTokens]).toEqual([472, 100]);
});
