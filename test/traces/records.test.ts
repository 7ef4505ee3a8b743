import fc from "fast-check";
import { expect, test } from "vitest";
import { InputError } from "../../src/errors/input-error.ts";
import { EVERY_FORMAT } from "../../src/traces/formats.ts";
import { readTrace } from "../../src/traces/read-trace.ts";
import { EVERY_RECORD } from "../../src/traces/records.ts";
import { headOf } from "../../src/workload/readers/parsing/head.ts";
import { jsonMutations, mutations } from "../workload/readers/support/mutations.ts";

/** A small file of each kind, as its writer has it. */
const SAMPLES: Readonly<Record<string, string>> = {
  "queue-depth": "elapsed_seconds,premium_queue,total_queue_size\n0,1,1\n1,0,0\n",
  "gpu-telemetry":
    "timestamp, index, name, temperature.gpu, power.draw [W], pstate, clocks.sm, clocks.mem, " +
    "utilization.gpu, utilization.memory, memory.used, memory.total\n" +
    "2026/05/01 12:00:00.000, 0, NVIDIA L4, 50, 70.00 W, P0, 2040 MHz, 6251 MHz, 99 %, 80 %, " +
    "20000 MiB, 23034 MiB\n",
  "vllm-bench-summary": '{"duration": 2, "completed": 3, "total_input_tokens": 5, ' +
    '"total_output_tokens": 7, "request_throughput": 1.5}',
  "serving-benchmark-text": "============ Serving Benchmark Result ============\n" +
    "Successful requests:        100\nMean TTFT (ms):      57.1\n==========\n",
  "aiperf-summary": '{"schema_version": "1.0", "request_throughput": {"unit": "requests/sec", ' +
    '"avg": 4.5}, "time_to_first_token": {"unit": "ms", "avg": 100, "p50": 99}}',
  "llmperf-summary": '{"model": "m", "num_concurrent_requests": 2, "results_ttft_s_mean": 0.5}',
  "inference-perf-summary": '{"load_summary": {"count": 3}, "successes": {"count": 3}}',
  "inferencex-result": '{"hw": "h100", "tp": 8, "conc": 64, "tput_per_gpu": 800.5, ' +
    '"mean_ttft": 0.4}',
  "locust-history":
    "Timestamp,User Count,Type,Name,Requests/s,Failures/s,50%,Total Request Count\n" +
    "1759813207,10,POST,/v1/completions,4.2,0,120,420\n",
  "locust-statistics":
    "Type,Name,Request Count,Failure Count,Requests/s,50%\nPOST,/v1,40,2,4,120\n",
};
const head = (text: string) => headOf(new TextEncoder().encode(text), true);

test("every kind has a sample, is recognised by itself alone, and describes it", () => {
  expect(Object.keys(SAMPLES)).toEqual(EVERY_RECORD.map(({ name }) => name));
  for (const record of EVERY_RECORD) {
    const text = SAMPLES[record.name];
    const claims = EVERY_RECORD.filter((each) => each.recognise(head(text)) !== undefined);
    expect(claims.map(({ name }) => name)).toEqual([record.name]);
    expect(Object.keys(record.describe(text, "f")!).length, record.name).toBeGreaterThan(0);
  }
});

test("where a trace is wanted they are refused by name, with what to read instead", async () => {
  for (const { name, title } of EVERY_RECORD) {
    const claimed = EVERY_FORMAT.some((format) => format.recognise(head(SAMPLES[name])));
    // Results of vLLM's benchmark are one format, with requests or without.
    expect(claimed, name).toBe(name === "vllm-bench-summary");
    await expect(readTrace(SAMPLES[name], { source: "given" })).rejects.toThrow(
      claimed ? "--save-detailed" : `this is ${title}`,
    );
  }
});

test("a record that is mutated is described or refused by name", () => {
  for (const record of EVERY_RECORD) {
    const text = SAMPLES[record.name];
    const isJson = text.startsWith("{");
    fc.assert(
      fc.property(isJson ? jsonMutations : mutations, (mutate) => {
        try {
          record.describe(mutate(text), "mutant");
        } catch (error) {
          if (!(error instanceof InputError)) throw error;
          for (const problem of error.problems) expect(problem.file).toContain("mutant");
        }
      }),
      { numRuns: 300, seed: 20_261_125 },
    );
  }
});
