import { expect, test } from "vitest";
import { llmPerfSummaryRecord } from "../../../src/runs/records/llmperf-summary.ts";
import { headOf } from "../../../src/workload/readers/parsing/head.ts";

const SUMMARY = JSON.stringify({
  version: "2023-08-31",
  name: "m_550_150_summary",
  model: "m",
  num_concurrent_requests: 4,
  results_ttft_s_quantiles_p50: 0.24,
  results_ttft_s_mean: 0.25,
  results_number_output_tokens_stddev: 2.5,
  results_num_requests_started: 10,
  results_error_code_frequency: "{}",
});

test("quantiles and moments go by what they are of", () => {
  expect(llmPerfSummaryRecord.describe(SUMMARY, "s.json")).toEqual({
    version: "2023-08-31",
    name: "m_550_150_summary",
    model: "m",
    num_concurrent_requests: 4,
    num_requests_started: 10,
    error_code_frequency: "{}",
    results: { ttft_s: { p50: 0.24, mean: 0.25 }, number_output_tokens: { stddev: 2.5 } },
  });
  expect(llmPerfSummaryRecord.recognise(headOf(new TextEncoder().encode(SUMMARY), true)))
    .toBe("JSON object with num_concurrent_requests and results_…");
  expect(() => llmPerfSummaryRecord.describe('{"results_ttft_s_mean": "x"}', "s.json"))
    .toThrow('s.json, field results_ttft_s_mean: got "x", expected a number');
});
