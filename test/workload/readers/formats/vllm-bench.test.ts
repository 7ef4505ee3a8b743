import { expect, test } from "vitest";
import { describeTrace } from "../../../../src/analysis/describe-trace.ts";
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

test("of several results with requests one has to be named, and the error lists them", async () => {
  const second = { ...DETAILED, request_rate: 4, input_lens: [7, 8, 9] };
  const text = `${JSON.stringify(DETAILED)}\n${JSON.stringify(second)}\n`;
  const one = await readTrace(text, { result: 1 });
  expect([...one.workload.requests.promptTokens]).toEqual([8, 7]);
  expect(one.report).toMatchObject({ rowsRead: 6, rowsKept: 2 });
  expect(one.report.assumptions[0]).toBe("result 1 of 2 in the file, from 0");
  expect(one.report.setAside).toContainEqual({
    reason: "requests of other results in the file",
    rows: 3,
  });
  await expect(readTrace(text, { source: "b.json" })).rejects.toThrow(
    "b.json, field result: expected one result, named with the option result=N, as the file has " +
      "several: 0 (rate 2, concurrency 2, completed 2, requests a second 0.44), 1 (rate 4, ",
  );
  await expect(readTrace(text, { result: 2 })).rejects.toThrow("field result: got 2");
});

test("the only result with requests is read among summaries, in an array too", async () => {
  for (
    const text of [
      [SUMMARY, DETAILED, SUMMARY].map((each) => JSON.stringify(each)).join("\n"),
      JSON.stringify([SUMMARY, DETAILED, SUMMARY]),
    ]
  ) {
    const { workload, report } = await readTrace(text);
    expect([...workload.requests.promptTokens]).toEqual([20, 10]);
    expect(report.assumptions[0]).toBe(
      "result 1 of 3 in the file, from 0: the only one with requests",
    );
    await expect(readTrace(text, { result: 0 })).rejects.toThrow("this is a summary of 2 requests");
  }
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

test("without start times durations alone are kept, arrivals are assumed, and the report says so", async () => {
  const { start_times: _, ...old } = DETAILED;
  const trace = await readTrace(JSON.stringify(old));
  expect([...trace.workload.requests.arrival]).toEqual([0, 0]);
  expect(trace.measured).toEqual({
    durations: { ttft: Float64Array.of(0.25, 0.5), e2e: Float64Array.of(0.625, 0.5) },
  });
  expect(trace.report.assumptions[0]).toContain("no start_times");
  expect(trace.report.assumptions[0]).toContain("at 2 a second (option rate=2)");
  const { measured } = describeTrace(trace);
  expect(measured!.ttft_from_send_s!.mean).toBe(0.375);
  expect(measured!.e2e_from_send_s!.mean).toBe(0.5625);
  expect(measured!.ttft_from_arrival_s).toBeUndefined();
  const poisson = await readTrace(JSON.stringify(old), { rate: 2, seed: 5 });
  expect(poisson.workload.requests.arrival[0]).toBeGreaterThan(0);
});

test("lengths without times are a trace of lengths", async () => {
  const { input_lens, output_lens } = DETAILED;
  const { workload, measured, unserved, report } = await readTrace(
    JSON.stringify({ ...SUMMARY, request_rate: Infinity, input_lens, output_lens })
      .replace('"request_rate":null', '"request_rate":Infinity'),
  );
  expect([...workload.requests.promptTokens]).toEqual([10, 20]);
  expect([...workload.truth.outputTokens]).toEqual([3, 1]);
  expect(measured).toBeUndefined();
  expect(unserved).toBeUndefined();
  expect(report.assumptions.join()).toContain("no ttfts: first tokens are unknown");
});

const STREAMED = {
  ...DETAILED,
  input_lens: [10, 10, 10],
  output_lens: [100, 1, 5],
  start_times: [10, 11, 12],
  errors: ["", "", ""],
};

test("answers that were not streamed have no time of a first token, and no time per token", async () => {
  const zero = { ...STREAMED, ttfts: [0, 0, 0], itls: [[], [], []] };
  const unknown = describeTrace(await readTrace(JSON.stringify(zero)));
  expect(unknown.measured).toBeUndefined();
  expect(unknown.report.assumptions.join()).toContain(
    "the time of the first token is unknown of 3 answers",
  );
  // With the whole latency the end is known.
  const whole = { ...zero, latencies: [2, 1, 3] };
  const ends = await readTrace(JSON.stringify(whole));
  expect([...ends.measured!.finish!]).toEqual([2, 2, 5]);
  expect(ends.measured!.firstToken).toBeUndefined();
  // One chunk of many tokens says when it was there; one of one token is a first token.
  const chunks = { ...STREAMED, ttfts: [3, 0.5, 0.25], itls: [[], [], [0.25, 0.5]] };
  const { measured, report } = await readTrace(JSON.stringify(chunks));
  expect([...measured!.firstToken!]).toEqual([NaN, 1.5, 2.25]);
  expect([...measured!.finish!]).toEqual([3, 1.5, 3]);
  expect(report.assumptions.join()).toContain("unknown of 1 answers that came in one piece");
});

test("a failed request without a time never moves the others", async () => {
  for (const start of [0, null]) {
    const bad = { ...DETAILED, start_times: [353399.5, 353400.5, start], ttfts: [0.25, 0.5, null] };
    const { workload, unserved, report } = await readTrace(JSON.stringify(bad));
    expect([...workload.requests.arrival]).toEqual([0, 1]);
    expect(unserved).toBeUndefined();
    expect(report.assumptions.join()).toContain("1 requests without an answer have no usable time");
  }
});

test("what was measured out of order is refused by row", async () => {
  const negative = { ...DETAILED, queue_times: [0.5, -1, 0] };
  await expect(readTrace(JSON.stringify(negative), { source: "b.json" })).rejects.toThrow(
    "b.json, field 1.queue_times: got -1",
  );
  const early = { ...DETAILED, latencies: [0.125, 0.5, 0] };
  await expect(readTrace(JSON.stringify(early), { source: "b.json" })).rejects.toThrow(
    "b.json, field 0.start_times and latencies or itls: got 5000.625, expected at least start_times " +
      "and ttfts, 5000.75 s",
  );
});

test("lists of requests that are not read are named", async () => {
  const { report } = await readTrace(JSON.stringify(DETAILED));
  expect(report.columnsIgnored).toEqual(["generated_texts"]);
});

test("a rate beside the result's own times is refused, not ignored", async () => {
  await expect(readTrace(JSON.stringify(DETAILED), { source: "b.json", rate: 3 })).rejects.toThrow(
    "b.json, field rate: got 3, expected no rate: the file has the times of its requests",
  );
});

test("a failed request arrives before it waits in the client, too", async () => {
  const text = JSON.stringify({ ...DETAILED, queue_times: [0, 0, 0.5] });
  const { unserved } = await readTrace(text);
  expect([...unserved!.requests.arrival]).toEqual([1.25]);
});
