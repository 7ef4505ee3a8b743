import { expect, test } from "vitest";
import { LATENCIES, latencyOf, latencyStatistics } from "../../src/analysis/latency.ts";
import { simulate } from "../../src/simulation/simulate.ts";
import { paperWorkload } from "../../src/paper/workload.ts";
import { smallRun } from "./small-run.ts";

test("wait, inference and end to end are what their definitions say, in row order", () => {
  const run = smallRun({
    arrival: Float64Array.of(0, 1, 2, 3, 4, 5),
    start: Float64Array.of(1, 1.5, 4, 9, 9, 9),
    finish: Float64Array.of(5, 5, 6, 10, 10, 10),
  });
  const rows = Int32Array.of(2, 0);
  expect([...latencyOf(run, "wait", rows)]).toEqual([2, 1]);
  expect([...latencyOf(run, "inference", rows)]).toEqual([2, 4]);
  expect([...latencyOf(run, "e2e", rows)]).toEqual([4, 5]);
});

test("TTFT counts from arrival, TPOT is of the tokens after the first", () => {
  const run = smallRun({
    arrival: Float64Array.of(0, 1, 2, 3, 4, 5),
    firstToken: Float64Array.of(1.5, 4, NaN, 9, 9, 9),
    finish: Float64Array.of(5.5, 4, 6, 10, 10, 10),
    outputTokens: Int32Array.of(5, 1, 3, 1, 1, 1),
  });
  const rows = Int32Array.of(0, 1, 2);
  expect([...latencyOf(run, "ttft", rows)]).toEqual([1.5, 3, NaN]);
  expect([...latencyOf(run, "tpot", rows)]).toEqual([1, NaN, NaN]);
});

test("TTFT from send leaves the gateway's queue out", () => {
  const run = smallRun({
    arrival: Float64Array.of(0, 1, 2, 3, 4, 5),
    start: Float64Array.of(1, 1.5, 4, 9, 9, 9),
    firstToken: Float64Array.of(1.5, 4, NaN, 9, 9, 9),
  });
  expect([...latencyOf(run, "ttftFromSend", Int32Array.of(0, 1, 2))]).toEqual([0.5, 2.5, NaN]);
});

test("end to end is wait plus inference for every request", () => {
  const run = simulate(paperWorkload({ requests: 300 }));
  const rows = Int32Array.from({ length: 300 }, (_, i) => i);
  const [wait, inference, e2e] = LATENCIES.map((latency) => latencyOf(run, latency, rows));
  const off = e2e.map((seconds, i) => Math.abs(seconds - wait[i] - inference[i]));
  expect(Math.max(...off)).toBeLessThan(1e-9);
});

test("statistics of 0 … 100 are their percentiles", () => {
  const values = Float64Array.from({ length: 101 }, (_, i) => 100 - i);
  expect(latencyStatistics(values)).toEqual({
    mean: 50,
    p50: 50,
    p90: 90,
    p95: 95,
    p99: 99,
    max: 100,
  });
});

test("sorting is by number, not by text", () => {
  expect(latencyStatistics(Float64Array.of(9, 10, 100)).p50).toBe(10);
});

test("no latencies have no statistics", () => {
  expect(latencyStatistics(new Float64Array()))
    .toEqual({ mean: NaN, p50: NaN, p90: NaN, p95: NaN, p99: NaN, max: NaN });
});

test("latencies that are not known are left out of every statistic", () => {
  const values = Float64Array.of(NaN, 3, NaN, 1, 2);
  expect(latencyStatistics(values)).toEqual(latencyStatistics(Float64Array.of(1, 2, 3)));
  expect(latencyStatistics(values).mean).toBe(2);
  expect(latencyStatistics(Float64Array.of(NaN))).toEqual(latencyStatistics(new Float64Array()));
  // They are not changed.
  expect([...values]).toEqual([NaN, 3, NaN, 1, 2]);
});
