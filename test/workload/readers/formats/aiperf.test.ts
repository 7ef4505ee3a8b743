import { expect, test } from "vitest";
import { openTrace } from "../../../../src/files/open-trace.ts";
import { readTrace } from "../../../../src/traces/read-trace.ts";
import type { Labels } from "../../../../src/workload/workload.ts";

const FIXTURE = new URL("../../../fixtures/traces/aiperf-profile-export.jsonl", import.meta.url);
const namesOf = ({ codes, names }: Labels) => Array.from(codes, (code) => names[code]);
/** To a microsecond. */
const rounded = (times: Float64Array) => [...times].map((time) => Number(time.toFixed(6)));

test("each record is a request, with the lengths and times that AIPerf reports", async () => {
  const { workload, measured, unserved, report } = await openTrace(FIXTURE);
  expect(report).toMatchObject({ format: "aiperf", rowsRead: 6, rowsKept: 3 });
  const { requests, truth } = workload;
  // The first answered one sets time 0; the second's credit was issued 250 µs before it was sent.
  expect(rounded(requests.arrival)).toEqual([0, 1, 3]);
  expect(rounded(measured!.sent!)).toEqual([0, 1.00025, 3]);
  // Not the acknowledgement, which came at 0.1 s; the last was not streamed.
  expect(rounded(measured!.firstToken!)).toEqual([0.2559, 1.1205, NaN]);
  expect(rounded(measured!.finish!)).toEqual([0.2975, 1.64075, 3.4]);
  expect(report.assumptions.join()).toContain(
    "the first token is unknown of 1 answers that came in one",
  );
  expect([...requests.promptTokens]).toEqual([550, 700, 80]);
  expect([...truth.outputTokens]).toEqual([9, 20, 4]);
  // Runs k1 and k2 of c1: turns of one run are one session.
  expect(namesOf(requests.session!)).toEqual(["c1 (2)", "c1 (2)", "c2"]);
  expect([...requests.extra!.turn_index as Float64Array]).toEqual([0, 1, 0]);
  expect(namesOf(requests.extra!.x_request_id as Labels)).toEqual(["req-2", "req-3", "req-5"]);
  // 1759813207.5329 s is 2025-10-07 05:00:07 UTC; the failed request was sent two seconds before.
  expect(report.assumptions).toContain(
    "the file's nanoseconds are counted in seconds from 2025-10-07T05:00:05.532Z, to 0.3 µs",
  );
  expect(report.setAside).toEqual([
    { reason: "requests of the warm-up", rows: 1 },
    { reason: "failed requests", rows: 1 },
    { reason: "cancelled requests", rows: 1 },
  ]);
  expect(namesOf(unserved!.status)).toEqual(["failed", "cancelled"]);
  // A request before the first answered one is put at time 0, and ends as much later.
  expect(rounded(unserved!.requests.arrival)).toEqual([0, 2]);
  expect(rounded(unserved!.finish!)).toEqual([1, 2.5]);
});

const row = (metadata: object, metrics: object, error: unknown = null) =>
  JSON.stringify({
    metadata: {
      session_num: 0,
      request_start_ns: 1759813207532900363,
      request_end_ns: 1759813208532900363,
      worker_id: "w",
      record_processor_id: "r",
      benchmark_phase: "profiling",
      ...metadata,
    },
    metrics,
    error,
  });
const lengths = {
  input_sequence_length: { value: 5, unit: "tokens" },
  output_sequence_length: { value: 3, unit: "tokens" },
};

test("times are in the unit that stands beside them", async () => {
  for (const [value, unit] of [[0.25, "sec"], [250, "ms"], [250_000, "us"], [25e7, "ns"]]) {
    const text = row({}, { ...lengths, time_to_first_token: { value, unit } });
    const { measured } = await readTrace(text);
    expect(measured!.firstToken![0]).toBeCloseTo(0.25, 9);
    // No latency: the end is that of the record.
    expect(measured!.finish![0]).toBeCloseTo(1, 6);
  }
  const text = row({}, { ...lengths, time_to_first_token: { value: 1, unit: "min" } });
  await expect(readTrace(text, { source: "x" })).rejects.toThrow(
    'x, row 1, field metrics.time_to_first_token.unit: got "min", expected a unit of time: ns,',
  );
});

test("lengths that the server counted are taken where AIPerf counted none", async () => {
  const { workload } = await readTrace(row({}, {
    usage_prompt_tokens: { value: 7, unit: "tokens" },
    usage_completion_tokens: { value: 4, unit: "tokens" },
  }));
  expect([...workload.requests.promptTokens]).toEqual([7]);
  expect([...workload.truth.outputTokens]).toEqual([4]);
  await expect(readTrace(row({}, {}), { source: "x" })).rejects.toThrow(
    "x, row 1, field metrics.input_sequence_length: got undefined, expected tokens, a whole number",
  );
});

test("instants out of order are refused, and a failed row may lack its times", async () => {
  const late = row({}, {
    ...lengths,
    time_to_first_token: { value: 900, unit: "ms" },
    request_latency: { value: 300, unit: "ms" },
  });
  await expect(readTrace(late, { source: "x" })).rejects.toThrow(
    "x, row 1, field metrics.request_latency: got 0.3, expected at least metrics.time_to_first",
  );
  const failed = row({ request_start_ns: 0, request_end_ns: 0 }, {}, { message: "no route" });
  // A row without the key error has none.
  const good = row({}, lengths).replace(`,"error":null`, "");
  const { workload, report } = await readTrace(`${failed}\n${good}\n`);
  expect([...workload.requests.arrival]).toEqual([0]);
  expect(report.setAside).toEqual([{ reason: "failed requests", rows: 1 }]);
});
