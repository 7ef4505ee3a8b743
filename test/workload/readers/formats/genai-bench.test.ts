import { expect, test } from "vitest";
import { openTrace } from "../../../../src/files/open-trace.ts";
import { readTrace } from "../../../../src/traces/read-trace.ts";

const FIXTURE = new URL("../../../fixtures/traces/genai-bench.json", import.meta.url);

test("latencies are durations in seconds whatever the unit of the file", async () => {
  const { workload, measured, report } = await openTrace(FIXTURE);
  expect(report).toMatchObject({ format: "genai-bench", rowsRead: 3, rowsKept: 2 });
  expect([...workload.requests.promptTokens]).toEqual([92, 101]);
  expect([...workload.truth.outputTokens]).toEqual([100, 98]);
  expect([...measured!.durations!.ttft]).toEqual([0.25, 0.125]);
  expect([...measured!.durations!.e2e_latency]).toEqual([2.25, 2]);
  expect([...workload.requests.arrival]).toEqual([0, 0]);
  expect(report.assumptions.join()).toContain("every request arrives at 0");
  expect(report.setAside).toEqual([{ reason: "failed requests", rows: 1 }]);
  const text = await Deno.readTextFile(FIXTURE);
  // Versions without the unit write seconds.
  const seconds = text.replace(/,\s*"_time_unit": "ms"/, "")
    .replaceAll(/"(ttft|e2e_latency)": ([\d.]+)/g, (_, name, ms) => `"${name}": ${ms / 1000}`);
  const older = await readTrace(seconds);
  expect([...older.measured!.durations!.e2e_latency]).toEqual([2.25, 2]);
});

test("a TTFT of 0 or as long as the answer is not known", async () => {
  for (const ttft of [0, 2]) {
    const { measured, report } = await readTrace(experiment({ ...row, ttft }));
    expect([...measured!.durations!.ttft]).toEqual([NaN]);
    expect(report.assumptions.join()).toContain("unknown of 1 answers that came in one piece");
  }
});

const experiment = (row: object, unit = "s") =>
  JSON.stringify({
    aggregated_metrics: {},
    individual_request_metrics: [row],
    _time_unit: unit,
  });
const row = { num_input_tokens: 5, num_output_tokens: 3, ttft: 0.5, e2e_latency: 2 };

test("requests that have a start arrive then", async () => {
  const text = JSON.stringify({
    aggregated_metrics: {},
    individual_request_metrics: [
      { ...row, start_time: 101, end_time: 103 },
      { ...row, start_time: 100, end_time: 102 },
    ],
  });
  const { workload, measured } = await readTrace(text);
  expect([...workload.requests.arrival]).toEqual([0, 1]);
  expect([...measured!.firstToken!]).toEqual([0.5, 1.5]);
  expect([...measured!.finish!]).toEqual([2, 3]);
});

test("what cannot be is refused with its place", async () => {
  await expect(readTrace(experiment({ ...row, ttft: 3 }), { source: "x" })).rejects.toThrow(
    "x, field individual_request_metrics.0.e2e_latency: got 2, expected at least ttft, 3 s",
  );
  await expect(readTrace(experiment(row, "us"), { source: "x" })).rejects.toThrow(
    'x, field _time_unit: got "us"',
  );
  const { num_output_tokens: _, ...without } = row;
  await expect(readTrace(experiment(without), { source: "x" })).rejects.toThrow(
    "x, field individual_request_metrics.0.num_output_tokens: got NaN, expected tokens",
  );
});
