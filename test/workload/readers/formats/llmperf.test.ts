import { expect, test } from "vitest";
import { openTrace } from "../../../../src/files/open-trace.ts";
import { readTrace } from "../../../../src/traces/read-trace.ts";

const FIXTURE = new URL(
  "../../../fixtures/traces/llmperf-individual-responses.json",
  import.meta.url,
);

test("lengths and durations are kept, arrivals are assumed, errors are failed", async () => {
  const { workload, measured, unserved, report } = await openTrace(FIXTURE);
  expect(report).toMatchObject({ format: "llmperf", rowsRead: 4, rowsKept: 2 });
  expect([...workload.requests.promptTokens]).toEqual([520, 610]);
  expect([...workload.truth.outputTokens]).toEqual([100, 150]);
  expect([...workload.requests.arrival]).toEqual([0, 0]);
  // A TTFT of 0 is none.
  expect([...measured!.durations!.ttft]).toEqual([0.3, NaN]);
  expect([...measured!.durations!.end_to_end_latency]).toEqual([2.1, 3.5]);
  expect(measured!.finish).toBeUndefined();
  expect(report.assumptions.join()).toContain(
    "the first token is unknown of 1 answers that came in one",
  );
  expect(report.setAside).toEqual([
    { reason: "failed requests", rows: 1 },
    { reason: "requests without an answer", rows: 1 },
  ]);
  expect(report.assumptions.join()).toContain("every request arrives at 0");
  expect(unserved).toBeUndefined();
});

test("arrivals are Poisson where a rate is given", async () => {
  const { workload } = await openTrace(FIXTURE, { rate: 2 });
  expect(workload.requests.arrival[1]).toBeGreaterThan(0);
});

test("a first token after the last, and a missing length, are refused", async () => {
  const row = (more: object) =>
    JSON.stringify([{
      error_code: null,
      ttft_s: 0.5,
      end_to_end_latency_s: 2,
      number_input_tokens: 5,
      number_output_tokens: 7,
      ...more,
    }]);
  await expect(readTrace(row({ ttft_s: 3 }), { source: "x" })).rejects.toThrow(
    "x, row 1, field end_to_end_latency_s: got 2, expected at least ttft_s, 3 s",
  );
  await expect(readTrace(row({ number_output_tokens: null }), { source: "x" })).rejects.toThrow(
    "x, row 1, field number_output_tokens: got NaN, expected tokens, a whole number from 1",
  );
});
