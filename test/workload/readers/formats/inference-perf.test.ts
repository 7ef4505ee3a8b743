import { expect, test } from "vitest";
import { openTrace } from "../../../../src/files/open-trace.ts";
import { readTrace } from "../../../../src/traces/read-trace.ts";

const FIXTURES = new URL("../../../fixtures/traces/", import.meta.url);
const rounded = (times: Float64Array) => [...times].map((time) => Number(time.toFixed(6)));

test("each result is a request; without token times the first token is not known", async () => {
  const { workload, measured, report } = await openTrace(
    new URL("inference-perf-per-request.json", FIXTURES),
  );
  expect(report).toMatchObject({ format: "inference-perf", rowsRead: 3, rowsKept: 2 });
  // The failed one, ten seconds before, does not set time 0.
  expect(rounded(workload.requests.arrival)).toEqual([0, 0.75]);
  expect(rounded(measured!.firstToken!)).toEqual([0.2, NaN]);
  expect(report.assumptions.join()).toContain(
    "the first token is unknown of 1 answers that came in one",
  );
  expect(rounded(measured!.finish!)).toEqual([2, 2.5]);
  expect([...workload.requests.promptTokens]).toEqual([10, 12]);
  expect([...workload.truth.outputTokens]).toEqual([3, 4]);
  expect(report.setAside).toEqual([{ reason: "failed requests", rows: 1 }]);
});

test("newer results have the server's usage, whose lengths are taken", async () => {
  const { workload, measured, unserved, report } = await openTrace(
    new URL("inference-perf-server-usage.json", FIXTURES),
  );
  expect([...workload.requests.promptTokens]).toEqual([16, 20]);
  expect([...workload.truth.outputTokens]).toEqual([4, 5]);
  expect([...measured!.cachedTokens!]).toEqual([8, -1]);
  // Not the first chunk, at 0.01 s, which may be empty.
  expect(rounded(measured!.firstToken!)).toEqual([0.25, 2.5]);
  expect(report.assumptions).toContain("lengths of 1 rows are those of the server's usage");
  expect(report.setAside).toEqual([{ reason: "cancelled requests", rows: 1 }]);
  expect(rounded(unserved!.requests.arrival)).toEqual([3]);
});

test("an end before the first token is refused with its row", async () => {
  const text = JSON.stringify([{
    start_time: 1,
    end_time: 1.5,
    request: "{}",
    response: "",
    info: { input_tokens: 3, output_tokens: 2, output_token_times: [2, 3] },
    error: null,
  }]);
  await expect(readTrace(text, { source: "x" })).rejects.toThrow(
    "x, row 1, field end_time: got 1.5, expected at least info.output_token_times.0, 2 s",
  );
});

test("a first request longer than the head is recognised", async () => {
  const request = "x".repeat(100_000);
  const info = { input_tokens: 3, output_tokens: 2, output_token_times: [] };
  const row = { start_time: 1, end_time: 2, request, response: "", info };
  const { report } = await readTrace(JSON.stringify([row, row]));
  expect(report).toMatchObject({ format: "inference-perf", rowsKept: 2 });
});

test("a log of one's own with a request between its times is not claimed", async () => {
  const row = { start_time: 1, end_time: 2, request: "r", prompt_tokens: 3, completion_tokens: 4 };
  await expect(readTrace(JSON.stringify(row))).rejects.toThrow(
    "expected a trace in a known format",
  );
});
