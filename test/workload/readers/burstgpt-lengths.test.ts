import { expect, test } from "vitest";
import { readBundled } from "../../../src/files/read-bundled.ts";
import { readBurstGptLengths } from "../../../src/workload/readers/burstgpt-lengths.ts";
import { logCorrelation, summary } from "./support/statistics.ts";

const FAILED = "failed requests (no response tokens)";

test("of 999 rows of version 1 the 111 failed ones are set aside and counted", async () => {
  const file = "burstgpt/BurstGPT_1_first999.csv";
  const { lengths, report } = readBurstGptLengths(await readBundled(file), file);
  expect(report).toMatchObject({ rowsRead: 999, rowsKept: 888, rowsRefused: 0 });
  expect(report.setAside).toEqual([{ reason: FAILED, rows: 111 }]);
  // Source: notes on the traces, table of rates and lengths, [computed]; its 382 is 381.5.
  expect(summary(lengths.promptTokens)).toEqual([589, 382, 1525, 1969]);
  expect(summary(lengths.outputTokens)).toEqual([293, 254, 569, 1335]);
  expect(logCorrelation(lengths.promptTokens, lengths.outputTokens)).toBeCloseTo(0.3, 2);
});

test("version 2 has two columns in the middle, found by name", async () => {
  const file = "burstgpt/BurstGPT_3_first400.csv";
  const { lengths, report } = readBurstGptLengths(await readBundled(file), file);
  expect(report).toMatchObject({ rowsRead: 400, rowsKept: 399, columnsIgnored: [] });
  expect(report.setAside).toEqual([{ reason: FAILED, rows: 1 }]);
  // The notes give the statistics of all 400 rows, the failed one with 0 tokens included.
  expect(summary([...lengths.promptTokens, 0])).toEqual([617, 309, 1134, 5929]);
  expect(summary([...lengths.outputTokens, 0])).toEqual([171, 101, 422, 862]);
});

test("an API row without a session is a good row", () => {
  const text = "Timestamp,Session ID,Elapsed time,Model,Request tokens,Response tokens," +
    "Total tokens,Log Type\n19440110.0,,3,GPT-4,10,20,30,API log\n";
  expect(readBurstGptLengths(text, "b.csv").report.rowsKept).toBe(1);
});
