import { expect, test } from "vitest";
import { servingBenchmarkTextRecord } from "../../../src/runs/records/serving-benchmark-text.ts";
import { headOf } from "../../../src/workload/readers/parsing/head.ts";

/** As vLLM prints it, behind what the screen held before. */
const VLLM = `Maximum request concurrency: None
100%|██████████| 100/100 [00:10<00:00,  9.50it/s]
============ Serving Benchmark Result ============
Successful requests:                     100
Benchmark duration (s):                  10.50
Request throughput (req/s):              9.52
---------------Time to First Token----------------
Mean TTFT (ms):                          57.10
P99 TTFT (ms):                           110.00
==================================================
Saved: 5
`;
const SGLANG = `============ Serving Benchmark Result ============
Backend:                                 sglang
Traffic request rate:                    inf
Max request concurrency:                 not set
P99 ITL (ms):                            21.5
==================================================
`;
const FIRST = {
  successful_requests: 100,
  benchmark_duration_s: 10.5,
  request_throughput_req_per_s: 9.52,
  mean_ttft_ms: 57.1,
  p99_ttft_ms: 110,
};

test("names and values between the title and the last line, numbers as numbers", () => {
  expect(servingBenchmarkTextRecord.describe(VLLM, "out.txt")).toEqual(FIRST);
  expect(servingBenchmarkTextRecord.describe(VLLM + SGLANG, "out.txt")).toEqual({
    "result 1": FIRST,
    "result 2": {
      backend: "sglang",
      traffic_request_rate: "inf",
      max_request_concurrency: "not set",
      p99_itl_ms: 21.5,
    },
  });
});

test("it is recognised by its title, and refused where nothing is below", () => {
  const recognise = (text: string) =>
    servingBenchmarkTextRecord.recognise(headOf(new TextEncoder().encode(text), true));
  expect(recognise(VLLM)).toContain("Serving Benchmark Result");
  expect(recognise("Serving Benchmark Result\n")).toBeUndefined();
  expect(() => servingBenchmarkTextRecord.describe(VLLM.split("Successful")[0], "out.txt"))
    .toThrow("out.txt: expected lines of a name and a value below the title");
});
