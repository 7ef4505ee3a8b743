import { expect, test } from "vitest";
import { inferenceXRecord } from "../../../src/runs/records/inferencex-result.ts";
import { headOf } from "../../../src/workload/readers/parsing/head.ts";

const RESULT = {
  hw: "h200",
  tp: 8,
  conc: 64,
  model: "deepseek-ai/DeepSeek-R1",
  framework: "sglang",
  precision: "fp8",
  tput_per_gpu: 812.5,
  output_tput_per_gpu: 90.25,
  mean_ttft: 0.25,
  median_tpot: 0.02,
  "p99.9_e2el": 12,
  median_intvty: 50,
};

test("rates a GPU, latencies in seconds and tokens a second of one user", () => {
  const expected = {
    ...{ hw: "h200", tp: 8, conc: 64, model: "deepseek-ai/DeepSeek-R1", framework: "sglang" },
    ...{ precision: "fp8", tput_per_gpu: 812.5, output_tput_per_gpu: 90.25 },
    latencies_s: { ttft: { mean: 0.25 }, tpot: { median: 0.02 }, e2el: { "p99.9": 12 } },
    interactivity_tokens_per_s: { median: 50 },
  };
  expect(inferenceXRecord.describe(JSON.stringify(RESULT), "a.json")).toEqual(expected);
  expect(inferenceXRecord.describe(JSON.stringify([RESULT, { tput_per_gpu: 1 }]), "a.json"))
    .toEqual({ "result 1": expected, "result 2": { tput_per_gpu: 1, latencies_s: {} } });
});

test("one result and a list of them are recognised; a rate that is no number is refused", () => {
  for (const text of [JSON.stringify(RESULT), JSON.stringify([RESULT, RESULT])]) {
    expect(inferenceXRecord.recognise(headOf(new TextEncoder().encode(text), true)))
      .toBe("JSON with tput_per_gpu and hw or conc");
  }
  expect(() => inferenceXRecord.describe('{"tput_per_gpu": "fast"}', "a.json"))
    .toThrow('a.json, field tput_per_gpu: got "fast", expected tokens a second');
});
