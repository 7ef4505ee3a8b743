import { expect, test } from "vitest";
import { benchSummaryRecord, readBenchSummary } from "../../../src/runs/records/bench-summary.ts";
import { headOf } from "../../../src/workload/readers/parsing/head.ts";

const RESULT = {
  model_id: "m",
  request_rate: "inf",
  max_concurrency: null,
  duration: 4.5,
  completed: 9,
  failed: 1,
  total_input_tokens: 900,
  total_output_tokens: 450,
  request_throughput: 2,
  output_throughput: 100,
  request_goodput: null,
  mean_ttft_ms: 61.2,
  median_ttft_ms: 55,
  "p99.9_ttft_ms": 210,
  p99_tpot_ms: 30,
};

test("a summary has rates and latencies, percentiles of any kind", () => {
  expect(readBenchSummary(JSON.stringify(RESULT), "b.json")).toEqual({
    model: "m",
    requestRate: "inf",
    duration: 4.5,
    completed: 9,
    failed: 1,
    inputTokens: 900,
    outputTokens: 450,
    requestThroughput: 2,
    outputThroughput: 100,
    latencies: {
      ttft: { mean: 61.2, median: 55, percentiles: { "99.9": 210 } },
      tpot: { percentiles: { "99": 30 } },
    },
  });
});

test("of appended results one is read, and a result with requests is a trace", () => {
  const two = `${JSON.stringify(RESULT)}\n${JSON.stringify({ ...RESULT, completed: 7 })}\n`;
  expect(readBenchSummary(two, "b.json", 1).completed).toBe(7);
  expect(() => readBenchSummary(two, "b.json", 2)).toThrow("field place: got 2");
  const recognise = (result: object) =>
    benchSummaryRecord.recognise(headOf(new TextEncoder().encode(JSON.stringify(result)), true));
  expect(recognise(RESULT)).toContain("no requests in it");
  expect(recognise({ ...RESULT, input_lens: [1] })).toBeUndefined();
});

test("what is no number is refused by field", () => {
  const read = (more: object) => () =>
    readBenchSummary(JSON.stringify({ ...RESULT, ...more }), "b");
  expect(read({ completed: -1 })).toThrow("b, field completed: got -1");
  expect(read({ p99_tpot_ms: "fast" })).toThrow('b, field p99_tpot_ms: got "fast"');
});
