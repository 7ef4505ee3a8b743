import { expect, test } from "vitest";
import { measuredRun } from "../../../../src/runs/measured-run.ts";
import { readTrace } from "../../../../src/workload/readers/read-trace.ts";

const SUMMARY = {
  date: "20261120-101500",
  endpoint_type: "openai",
  backend: "openai",
  model_id: "Qwen/Qwen3-1.7B",
  num_prompts: 3,
  request_rate: 2.0,
  burstiness: 1.0,
  max_concurrency: 2,
  duration: 4.5,
  completed: 2,
  total_input_tokens: 30,
  request_throughput: 0.44,
  mean_ttft_ms: 61.2,
};
const DETAILED = {
  ...SUMMARY,
  input_lens: [10, 20, 15],
  output_lens: [3, 1, 0],
  start_times: [5000.5, 5000.25, 5002],
  ttfts: [0.25, 0.5, 0],
  itls: [[0.125, 0.25], [], []],
  generated_texts: ["a b c", "d", ""],
  errors: ["", "", "Bad Gateway"],
};

test("a detailed result is a trace with measured times, in order of sending", async () => {
  const trace = await readTrace(JSON.stringify(DETAILED), { source: "b.json" });
  const { workload: { requests, truth }, measured, unserved, report } = trace;
  expect([...requests.arrival]).toEqual([0, 0.25]);
  expect([...requests.promptTokens]).toEqual([20, 10]);
  expect([...truth.outputTokens]).toEqual([1, 3]);
  expect([...measured!.firstToken!]).toEqual([0.5, 0.5]);
  expect([...measured!.finish!]).toEqual([0.5, 0.875]);
  expect(requests.model!.names).toEqual(["Qwen/Qwen3-1.7B"]);
  expect([...unserved!.requests.arrival]).toEqual([1.75]);
  expect(report).toMatchObject({ format: "vllm-bench", rowsRead: 3, rowsKept: 2 });
  expect(report.setAside).toEqual([{ reason: "failed requests", rows: 1 }]);
  expect(report.assumptions.join()).toContain("the wait for one of 2 places is not recorded");
  const run = measuredRun(trace);
  expect([...run.status]).toEqual([0, 0, 1]);
  expect([...run.finish]).toEqual([0.5, 0.875, NaN]);
});

test("of results that were appended one is read, by default the first", async () => {
  const second = { ...DETAILED, input_lens: [7, 8, 9] };
  const text = `${JSON.stringify(DETAILED)}\n${JSON.stringify(second)}\n`;
  const one = await readTrace(text, { result: 1 });
  expect([...one.workload.requests.promptTokens]).toEqual([8, 7]);
  expect(one.report).toMatchObject({ rowsRead: 6, rowsKept: 2 });
  expect(one.report.setAside).toContainEqual({
    reason: "requests of other results in the file",
    rows: 3,
  });
  expect([...(await readTrace(text)).workload.requests.promptTokens]).toEqual([20, 10]);
  await expect(readTrace(text, { result: 2 })).rejects.toThrow("field result: got 2");
});

test("a summary is refused for what it is", async () => {
  await expect(readTrace(JSON.stringify(SUMMARY), { source: "b.json" })).rejects.toThrow(
    "b.json, field input_lens: expected one value per request: this is a summary of 2 " +
      "requests without rows; save the result with --save-detailed",
  );
});

test("lists of different lengths refuse the file, a bad value its row", async () => {
  const uneven = { ...DETAILED, ttfts: [0.25] };
  await expect(readTrace(JSON.stringify(uneven))).rejects.toThrow(
    'field ttfts: got "1 values", expected 3 values, as in input_lens',
  );
  const bad = { ...DETAILED, itls: [[0.125, null], [], []] };
  await expect(readTrace(JSON.stringify(bad), { source: "b.json" })).rejects.toThrow(
    "b.json, field 0.itls.1: got null, expected number",
  );
  const { report } = await readTrace(JSON.stringify(bad), { lenient: true });
  expect(report).toMatchObject({ rowsKept: 1, rowsRefused: 1 });
});

test("without start times nothing is measured, and the report says so", async () => {
  const { start_times: _, ...old } = DETAILED;
  const { workload, measured, report } = await readTrace(JSON.stringify(old));
  expect([...workload.requests.arrival]).toEqual([0, 0]);
  expect(measured).toBeUndefined();
  expect(report.assumptions[0]).toContain("no start_times");
});
