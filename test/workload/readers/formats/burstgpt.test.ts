import { expect, test } from "vitest";
import { readBundled } from "../../../../src/files/read-bundled.ts";
import { burstGpt } from "../../../../src/workload/readers/formats/burstgpt.ts";
import { readWhole } from "../../../../src/workload/readers/read-trace.ts";
import { logCorrelation, summary } from "../support/statistics.ts";

const FAILED = "failed requests (no response tokens)";

test("of 999 rows of version 1 the 111 failed ones are set aside and counted", async () => {
  const file = "burstgpt/BurstGPT_1_first999.csv";
  const { workload, report } = readWhole(burstGpt, await readBundled(file), file);
  const { requests: { promptTokens }, truth: { outputTokens } } = workload;
  expect(report).toMatchObject({ rowsRead: 999, rowsKept: 888, rowsRefused: 0 });
  expect(report.setAside).toEqual([{ reason: FAILED, rows: 111 }]);
  // Source: notes on the traces, table of rates and lengths, [computed]; its 382 is 381.5.
  expect(summary(promptTokens)).toEqual([589, 382, 1525, 1969]);
  expect(summary(outputTokens)).toEqual([293, 254, 569, 1335]);
  expect(logCorrelation(promptTokens, outputTokens)).toBeCloseTo(0.3, 2);
});

test("version 2 has two columns in the middle, found by name", async () => {
  const file = "burstgpt/BurstGPT_3_first400.csv";
  const { workload, report } = readWhole(burstGpt, await readBundled(file), file);
  const { requests: { promptTokens }, truth: { outputTokens } } = workload;
  expect(report).toMatchObject({ rowsRead: 400, rowsKept: 399, columnsIgnored: [] });
  expect(report.setAside).toEqual([{ reason: FAILED, rows: 1 }]);
  // The notes give the statistics of all 400 rows, the failed one with 0 tokens included.
  expect(summary([...promptTokens, 0])).toEqual([617, 309, 1134, 5929]);
  expect(summary([...outputTokens, 0])).toEqual([171, 101, 422, 862]);
});

test("an API row without a session is a good row", () => {
  const text = "Timestamp,Session ID,Elapsed time,Model,Request tokens,Response tokens," +
    "Total tokens,Log Type\n19440110.0,,3,GPT-4,10,20,30,API log\n";
  expect(readWhole(burstGpt, text, "b.csv").report.rowsKept).toBe(1);
});

const HEADER = "Timestamp,Model,Request tokens,Response tokens,Total tokens,Log Type\n";

test("failed requests are kept apart, on the clock of the others", () => {
  const text = `${HEADER}7,GPT-4,0,0,0,API log\n9,ChatGPT,5,6,11,Conversation log\n` +
    "8,GPT-4,0,0,0,Conversation log\n";
  const { workload, unserved, measured, report } = readWhole(burstGpt, text, "b.csv");
  expect(workload.requests.size).toBe(1);
  // Failed requests never set the origin: those before it arrive at it, and the report says so.
  expect([...workload.requests.arrival]).toEqual([0]);
  expect([...unserved!.requests.arrival]).toEqual([0, 0]);
  expect(report.assumptions).toContainEqual(
    expect.stringContaining("up to 2 s before the first answered"),
  );
  expect([...unserved!.requests.promptTokens]).toEqual([0, 0]);
  expect(unserved!.status.names).toEqual(["failed"]);
  expect(unserved!.requests.model).toEqual({ codes: new Uint8Array(2), names: ["GPT-4"] });
  expect(unserved!.requests.category.names).toEqual(["API log", "Conversation log"]);
  expect(measured).toBeUndefined();
});

test("version 2 keeps sessions and the whole seconds after which an answer was there", async () => {
  const file = "burstgpt/BurstGPT_3_first400.csv";
  const { workload: { requests }, measured, unserved } = readWhole(
    burstGpt,
    await readBundled(file),
    file,
  );
  // Source: notes on the traces: 394 rows of 135 sessions, the longest of 24 rows.
  const { codes, names } = requests.session!;
  const turns = names.map((_, code) => codes.filter((other) => other === code).length);
  const ofSession = turns.filter((_, code) => names[code] !== "");
  const failed = unserved!.requests.session!.names.filter((name) => name !== "");
  expect(new Set([...names, ...failed, ""]).size - 1).toBe(135);
  expect(Math.max(...ofSession)).toBe(24);
  expect(ofSession.reduce((sum, n) => sum + n, 0) + failed.length).toBe(394);
  expect(measured!.finish![0]).toBe(43);
});

test("a failed request without a time, or at time 0, moves nobody", () => {
  const header = "Timestamp,Model,Request tokens,Response tokens,Total tokens,Log Type\n";
  const good = "500000,m,5,2,7,API log\n500001,m,5,2,7,API log\n";
  for (const at of ["", "0"]) {
    const { workload, unserved, report } = readWhole(
      burstGpt,
      `${header}${at},m,0,0,0,API log\n${good}`,
      "b.csv",
    );
    expect([...workload.requests.arrival]).toEqual([0, 1]);
    expect(unserved).toBeUndefined();
    expect(report.assumptions.join()).toContain("1 requests without an answer have no usable time");
  }
  expect(() => readWhole(burstGpt, `${header}${good},m,5,2,7,API log\n`, "b.csv")).toThrow(
    "b.csv, row 4, field Timestamp: expected a time in a row with an answer",
  );
});
