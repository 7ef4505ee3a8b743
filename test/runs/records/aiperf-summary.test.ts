import { expect, test } from "vitest";
import { aiPerfSummaryRecord } from "../../../src/runs/records/aiperf-summary.ts";
import { headOf } from "../../../src/workload/readers/parsing/head.ts";

const AIPERF = JSON.stringify({
  schema_version: "1.0",
  aiperf_version: "0.5.0",
  request_throughput: { unit: "requests/sec", avg: 4.5 },
  time_to_first_token: { unit: "ms", avg: 100, p50: 99, p99: 120, std: null },
  was_cancelled: false,
  error_summary: [{ error_details: { code: 499 }, count: 2 }],
  input_config: { endpoint: { model_names: ["m"] } },
});

test("numbers come with their unit and statistics; settings are left out", () => {
  expect(aiPerfSummaryRecord.describe(AIPERF, "s.json")).toEqual({
    aiperf_version: "0.5.0",
    was_cancelled: "false",
    metrics: {
      request_throughput: { unit: "requests/sec", avg: 4.5 },
      time_to_first_token: { unit: "ms", avg: 100, p50: 99, p99: 120, std: null },
    },
    kinds_of_errors: 1,
  });
});

test("genai-perf's summary has the same shape; what has no number with a unit is none", () => {
  const recognise = (text: string) =>
    aiPerfSummaryRecord.recognise(headOf(new TextEncoder().encode(text), true));
  expect(recognise(AIPERF)).toBe("JSON object with request_throughput in a unit");
  expect(recognise('{"request_latency": {"unit": "ms", "avg": 5}, "input_config": {}}'))
    .toContain("request_latency");
  expect(recognise('{"request_throughput": 4.5, "completed": 9}')).toBeUndefined();
  expect(() => aiPerfSummaryRecord.describe('{"a": 1}', "s.json")).toThrow(
    's.json: got "a", expected numbers with a unit',
  );
  expect(() =>
    aiPerfSummaryRecord.describe('{"request_latency": {"unit": "ms", "avg": "fast"}}', "s.json")
  ).toThrow('s.json, field request_latency.avg: got "fast", expected number');
});
