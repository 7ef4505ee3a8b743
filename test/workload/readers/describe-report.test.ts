import { expect, test } from "vitest";
import { describeReport } from "../../../src/workload/readers/describe-report.ts";
import { burstGpt } from "../../../src/workload/readers/formats/burstgpt.ts";
import { arenaTrace } from "../../../src/workload/readers/formats/arena-trace.ts";
import { lengthTable } from "../../../src/workload/readers/formats/lengths.ts";
import { readWhole } from "../../../src/workload/readers/read-trace.ts";

test("a report says in lines what became of every row", () => {
  const text = "Timestamp,Model,Request tokens,Response tokens,Total tokens,Log Type,note\n" +
    "1,GPT-4,5,6,11,API log,\n\n2,GPT-4,0,0,0,API log,\n3,GPT-4,5,6,12,API log,\n";
  const { report } = readWhole(burstGpt, text, "b.csv", { lenient: true });
  expect(describeReport(report)).toBe([
    "b.csv (burstgpt): 3 rows read, 1 kept, 1 refused",
    "set aside: 1 rows, failed requests (no response tokens)",
    "blank lines: 1",
    "columns ignored: note",
    "assumed: time 0 is that of the first answered request, at 1 s of the file's clock",
    "assumed: max_tokens 16 for every request: the smallest power of two that fits the longest answer",
    "assumed: tenant, tier: all named default, because the file has none",
    "b.csv, row 5, field Total tokens: got 12, expected the sum of request and response tokens, 11",
  ].join("\n"));
});

test("a report lists what was assumed and no more than twenty problems", () => {
  const rows = Array.from({ length: 40 }, (_, i) => `${i},a,${i % 2 ? "x" : 1},7,${i}`);
  const text = ["req_id,client,prompt_len,output_len,req_time_s", ...rows].join("\n");
  const { report } = readWhole(arenaTrace, text, "t.csv", { lenient: true });
  expect(report).toMatchObject({ rowsRead: 40, rowsKept: 20, rowsRefused: 20, problemCount: 20 });
  expect(describeReport(report).split("\n").length).toBe(1 + 2 + 20);
  expect(describeReport({ ...report, problemCount: 25 })).toMatch(/… and 5 more problems$/);
});

test("a column that is named to drive a terminal does not", () => {
  const { report } = readWhole(lengthTable, "ContextTokens,GeneratedTokens,\u001b[2J\n1,2,\n", "l");
  expect(describeReport(report)).toContain("columns ignored: \\u001b[2J");
});
