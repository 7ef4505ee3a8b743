import { beforeAll, expect, test } from "vitest";
import { loadServerFile } from "../../src/files/load-recordings.ts";
import { type RatedTrace, rateTraces } from "../../src/paper/rate-traces.ts";
import { ratedTraces } from "../../src/paper/tables/rated-traces.ts";
import { traceLoadGrid } from "../../src/paper/trace-load-grid.ts";
import { serverCapacity } from "../../src/sweeps/server-capacity.ts";
import { makeWorkload } from "../../src/sweeps/workload-source.ts";
import { arrivalRate } from "../../src/workload/statistics/arrivals.ts";
import { capLengths } from "../../src/workload/transforms/cap-lengths.ts";
import { handWorkload } from "../support/workloads.ts";

/** 60 requests, one every 2 s, answers of 20 to 79 tokens in two categories. */
const trace = capLengths(
  handWorkload({
    arrival: Array.from({ length: 60 }, (_, i) => 2 * i),
    outputTokens: Array.from({ length: 60 }, (_, i) => 20 + i),
    category: Array.from({ length: 60 }, (_, i) => i % 2),
    tier: Array.from({ length: 60 }, (_, i) => i % 3),
  }),
  { contextTokens: 110 },
);
let rated: RatedTrace;
beforeAll(async () => {
  const server = await loadServerFile("l4-qwen3-1.7b");
  [rated] = rateTraces([{ trace: "mine", workload: trace }], { server, window: 8 });
});

test("a trace is rated by its own cap, and by what the server completes of it", () => {
  const own = trace.requests.maxTokens.reduce((a, b) => Math.max(a, b));
  expect(rated.cap).toBe(own);
  expect(rated.base.scheduler).toEqual({ estimator: { options: { defaultBaseTokens: own } } });
  expect(rated.base.dispatch).toEqual({ rule: "in-flight", window: 8 });
  expect(rated.capacity).toBe(serverCapacity(trace, rated.base));
  expect(rated.capacity).toBeGreaterThan(1);
});

test("the table counts what is there, and says how much faster the trace goes", () => {
  const [row] = ratedTraces([{ ...rated, capacity: 4 }], 0.5).objects() as Record<string, number>[];
  expect(row).toEqual({
    trace: "mine",
    requests: 60,
    tenants: 3,
    categories: 2,
    "base estimate": rated.cap,
    "requests a second recorded": 0.5,
    capacity: 4,
    "times faster at load 0.5": 4,
  });
});

test("calibration is off only at the loads of the claims; every load gets the same requests", () => {
  const { cells } = traceLoadGrid(rated, {
    seeds: 2,
    blocks: 6,
    loads: [0.6, 0.9],
    claimsLoads: [0.9],
  });
  const calibrations = (load: number) =>
    new Set(
      cells.filter(({ labels }) => labels.load === load).map(({ labels }) => labels.calibration),
    );
  expect(calibrations(0.6)).toEqual(new Set(["ema"]));
  expect(calibrations(0.9)).toEqual(new Set(["none", "ema"]));
  // Five policies × two seeds, once and twice.
  expect(cells).toHaveLength(5 * 2 * (1 + 2));
  const of = (load: number) => {
    const found = cells.find(({ labels }) => labels.load === load && labels.seed === 1)!;
    expect(found.labels.rate).toBeCloseTo(load * rated.capacity, 9);
    return makeWorkload(found.workload);
  };
  const [slow, fast] = [of(0.6), of(0.9)];
  expect(slow.truth.outputTokens).toEqual(fast.truth.outputTokens);
  expect(arrivalRate(fast.requests) / arrivalRate(slow.requests)).toBeCloseTo(1.5, 6);
});
