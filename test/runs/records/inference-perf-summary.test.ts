import { expect, test } from "vitest";
import { inferencePerfSummaryRecord } from "../../../src/runs/records/inference-perf-summary.ts";
import { headOf } from "../../../src/workload/readers/parsing/head.ts";

test("what was sent and what came of it is kept as it is", () => {
  const summary = {
    load_summary: { count: 5, send_duration: 2.5 },
    successes: { count: 4, latency: { request_latency: { mean: 1.5, p90: 2 } } },
    failures: { count: 1 },
  };
  const text = JSON.stringify(summary);
  expect(inferencePerfSummaryRecord.describe(text, "s.json")).toEqual(summary);
  expect(inferencePerfSummaryRecord.recognise(headOf(new TextEncoder().encode(text), true)))
    .toBe("JSON object with load_summary and successes");
  expect(() => inferencePerfSummaryRecord.describe("[3]", "s.json"))
    .toThrow("s.json, row 1: got 3, expected a summary of inference-perf, a JSON object");
});
