import { expect, test } from "vitest";
import { latencyOf, latencyStatistics } from "../../../src/analysis/latency.ts";
import { measuredRun } from "../../../src/runs/measured-run.ts";
import { readBenchSummary } from "../../../src/runs/records/bench-summary.ts";
import type { Run } from "../../../src/runs/run.ts";
import { readTrace } from "../../../src/workload/readers/read-trace.ts";

/** What vLLM 0.30's benchmark and GuideLLM wrote in front of a twin: see the folder's README. */
const fixture = (name: string) =>
  Deno.readTextFile(new URL(`../../fixtures/benchmark-tools/${name}`, import.meta.url));

const everyRow = (run: Run) => Int32Array.from({ length: run.size }, (_, row) => row);

/** From sending, as benchmarks count: TTFT and end to end. Milliseconds. */
function sinceSent(run: Run) {
  const spans = (to: "firstToken" | "finish") =>
    latencyStatistics(run[to].map((instant, row) => (instant - run.start[row]) * 1000));
  return {
    ttft: spans("firstToken"),
    e2el: spans("finish"),
    tpot: latencyStatistics(latencyOf(run, "tpot", everyRow(run)).map((gap) => gap * 1000)),
  };
}

test("our TTFT, TPOT and E2E of a result are those that vLLM's benchmark printed", async () => {
  const text = await fixture("vllm-0.30-detailed.json");
  const trace = await readTrace(text, { source: "detailed" });
  expect(trace.report).toMatchObject({ rowsRead: 12, rowsKept: 12 });
  const summary = readBenchSummary(text, "detailed");
  expect(summary).toMatchObject({ completed: 12, failed: 0, outputTokens: 360 });
  expect(summary.goodput).toBeCloseTo(summary.requestThroughput, 9);
  for (const [name, ours] of Object.entries(sinceSent(measuredRun(trace)))) {
    const theirs = summary.latencies[name];
    expect(ours.mean, name).toBeCloseTo(theirs.mean!, 6);
    expect(ours.p50, name).toBeCloseTo(theirs.median!, 6);
    expect(ours.p90, name).toBeCloseTo(theirs.percentiles["90"], 6);
    expect(ours.p99, name).toBeCloseTo(theirs.percentiles["99"], 6);
  }
});

test("a request arrives before it waits in the client for one of its places", async () => {
  const text = await fixture("vllm-0.30-appended.json");
  const trace = await readTrace(text, { source: "appended" });
  expect(trace.report).toMatchObject({ rowsRead: 6, rowsKept: 6 });
  expect(trace.report.assumptions.join()).not.toContain("waiting for");
  const run = measuredRun(trace);
  // Six at once into two places: four wait for an answer or two.
  expect(Math.max(...run.arrival)).toBeLessThan(0.001);
  const waits = latencyOf(run, "wait", everyRow(run)).sort();
  expect(waits[1]).toBeLessThan(0.001);
  expect(waits[2]).toBeGreaterThan(0.005);
  const { e2el } = sinceSent(run);
  expect(e2el.mean).toBeCloseTo(readBenchSummary(text, "appended").latencies.e2el.mean!, 6);
  expect(readBenchSummary(text, "appended", 1)).toMatchObject({ completed: 5 });
  await expect(readTrace(text, { result: 1 })).rejects.toThrow("this is a summary of 5 requests");
});

test("a sweep of GuideLLM's: its TTFT and latency are ours from sending", async () => {
  const text = await fixture("guidellm-0.8.1-sweep.json");
  for (const benchmark of [0, 1]) {
    const trace = await readTrace(text, { source: "sweep", benchmark });
    expect(trace.report).toMatchObject({ format: "guidellm", rowsRead: 16, rowsKept: 8 });
    const { ttft, e2el } = sinceSent(measuredRun(trace));
    const { metrics } = JSON.parse(text).benchmarks[benchmark];
    const theirs = metrics.time_to_first_token_ms.successful;
    expect(ttft.mean).toBeCloseTo(theirs.mean, 2);
    expect(ttft.max).toBeCloseTo(theirs.max, 2);
    expect(e2el.mean).toBeCloseTo(metrics.request_latency.successful.mean * 1000, 2);
    const { outputTokens } = trace.workload.truth;
    expect(outputTokens.reduce((sum, tokens) => sum + tokens)).toBe(
      metrics.output_token_count.successful.total_sum,
    );
  }
});
