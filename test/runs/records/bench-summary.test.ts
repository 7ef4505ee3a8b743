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

const describe = (text: string, options = {}) =>
  benchSummaryRecord.describe(text, "b.json", options);
const lines = (...results: readonly object[]) =>
  results.map((each) => JSON.stringify(each)).join("\n");

test("all results in a file are described, or the one that is named; what is not there is an error", () => {
  const rates = lines(...[1, 2, 4].map((request_rate) => ({ ...RESULT, request_rate })));
  const all = describe(rates) as Record<string, { request_rate: number; requests_per_s: number }>;
  expect(all.results).toBe("3; --option result=N (from 0) describes one");
  expect([0, 1, 2].map((place) => all[`result ${place}`].request_rate)).toEqual([1, 2, 4]);
  expect(describe(rates, { result: 1 })).toMatchObject({
    result: "1 of 3, from 0",
    request_rate: 2,
  });
  expect(() => describe(rates, { result: 3 })).toThrow(
    "b.json, field result: got 3, expected an index below 3, the number of results in the file",
  );
  expect(() => describe(rates, { result: "x" })).toThrow("command line, field result");
  expect(() => describe(JSON.stringify(RESULT), { result: 1 })).toThrow("an index below 1");
  const array = `[${JSON.stringify(RESULT)}, ${JSON.stringify(RESULT)}]`;
  expect(Object.keys(describe(array)!)).toEqual(["results", "result 0", "result 1"]);
});

test("a file beyond the head is described as a whole", () => {
  const many = lines(...Array.from({ length: 500 }, (_, i) => ({ ...RESULT, completed: i })));
  const bytes = new TextEncoder().encode(many);
  expect(bytes.length).toBeGreaterThan(2 * 65_536);
  expect(benchSummaryRecord.recognise(headOf(bytes, false))).toContain("no requests in it");
  expect(Object.keys(describe(many)!).length).toBe(501);
});

test("a result with requests is left to the trace reader, several are listed", () => {
  const detailed = { ...RESULT, input_lens: [1], output_lens: [1] };
  expect(describe(lines(detailed))).toBeUndefined();
  expect(describe(lines(RESULT, detailed))).toMatchObject({
    results: "2; --option result=N (from 0) describes one; with requests: 1",
    "result 0": { completed: 9 },
    "result 1": { completed: 9 },
  });
  expect(describe(lines(RESULT, detailed), { result: 1 })).toBeUndefined();
  expect(describe(lines(RESULT, detailed), { result: 0 })).toMatchObject({ completed: 9 });
  expect(describe(lines(detailed, detailed), { result: 1 })).toBeUndefined();
  expect(describe(lines(detailed, detailed))).toMatchObject({
    results: "2; --option result=N (from 0) describes one; with requests: 2",
    "result 1": { completed: 9 },
  });
});

test("SGLang's mean concurrency is read, one number in two units has to be one number", () => {
  const { mean_ttft_ms: _, ...rest } = RESULT;
  const read = (more: object) => readBenchSummary(JSON.stringify({ ...rest, ...more }), "b.json");
  expect(read({ concurrency: 3.25 }).meanConcurrency).toBe(3.25);
  expect(read({ mean_ttft_ms: 61.2, mean_ttft: 0.0612 }).latencies.ttft.mean).toBe(61.2);
  expect(read({ mean_ttft_ms: null, mean_ttft: 0.5 }).latencies.ttft.mean).toBe(500);
  expect(() => read({ mean_ttft_ms: 61.2, mean_ttft: 61.2 })).toThrow(
    "b.json, field mean_ttft: got 61.2, expected 61.2 ms: the result has this number twice, in two units",
  );
});

test("numbers that JSON has not are read: no limit of rate, no latency", () => {
  const text = JSON.stringify(RESULT).replace('"inf"', "Infinity").replace("55", "NaN");
  const summary = readBenchSummary(text, "b.json");
  expect(summary.requestRate).toBe("inf");
  expect(summary.latencies.ttft.median).toBeNaN();
  expect(describe(text)).toMatchObject({
    latencies_from_send_ms: { ttft: { median: null, mean: 61.2 } },
  });
});

test("latencies have their unit in the name, or are in seconds; SGLang's names are read", () => {
  const { median_ttft_ms: _, ...rest } = RESULT;
  const { latencies } = readBenchSummary(
    JSON.stringify({
      ...rest,
      mean_e2e_latency_ms: 800.5,
      p90_e2e_latency_ms: 900,
      median_ttft: 0.25,
      mean_itl_s: 0.5,
      max_itl_us: 1500,
      min_tpot_ms: 4,
    }),
    "b.json",
  );
  expect(latencies.e2el).toEqual({ mean: 800.5, percentiles: { "90": 900 } });
  expect(latencies.ttft.median).toBe(250);
  expect(latencies.itl).toEqual({ mean: 500, max: 1.5, percentiles: {} });
  expect(latencies.tpot.min).toBe(4);
});

test("goodput is read as vLLM wrote it before, and fields of no use are named", () => {
  const old = { ...RESULT, request_goodput: undefined, "request_goodput:": 0.3, rtfx: 0 };
  expect(readBenchSummary(JSON.stringify(old), "b.json").goodput).toBe(0.3);
  expect(describe(JSON.stringify({ ...old, date: "x" }))).toMatchObject({
    goodput_per_s: 0.3,
    fields_ignored: ["rtfx", "date"],
  });
});
