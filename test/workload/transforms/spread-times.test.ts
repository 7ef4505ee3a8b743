import { expect, test } from "vitest";
import { exponential } from "../../../src/random/exponential.ts";
import { substream } from "../../../src/random/substream.ts";
import { plainRequests } from "../../../src/workload/plain-requests.ts";
import { summarizeArrivals } from "../../../src/workload/statistics/summarize-arrivals.ts";
import { spreadTimes } from "../../../src/workload/transforms/spread-times.ts";
import type { Workload } from "../../../src/workload/workload.ts";

function workloadAt(times: ArrayLike<number>): Workload {
  const ones = new Int32Array(times.length).fill(1);
  const requests = plainRequests({
    arrival: Float64Array.from(times),
    promptTokens: ones,
    maxTokens: ones,
  });
  return { name: "w", requests, truth: { outputTokens: ones }, provenance: { source: "test" } };
}

test("evenly, the m requests of a second come a part of it after each other", () => {
  const { requests, provenance } = spreadTimes(workloadAt([0, 0, 1, 3, 3, 3, 3]), {
    spread: "even",
  });
  expect([...requests.arrival]).toEqual([0, 0.5, 1, 3, 3.25, 3.5, 3.75]);
  expect(provenance.steps).toEqual(["arrivals in whole seconds, spread even"]);
});

test("at random, a Poisson stream that was logged in whole seconds is one again", () => {
  const random = substream(5, "poisson");
  let now = 0;
  const times = Array.from(
    { length: 100_000 },
    () => Math.floor(now += exponential(random) / 3),
  );
  const logged = workloadAt(times);
  expect(summarizeArrivals(logged.requests).gap_cv).toBeGreaterThan(1.45);
  const { requests } = spreadTimes(logged, { spread: "uniform", seed: 2 });
  expect(summarizeArrivals(requests).gap_cv).toBeCloseTo(1, 1.7);
  expect(requests.arrival.every((time, row) => Math.floor(time) === times[row])).toBe(true);
  expect(requests.arrival.every((time, row, all) => row === 0 || time >= all[row - 1])).toBe(true);
  expect(spreadTimes(logged, { spread: "uniform", seed: 2 }).requests.arrival)
    .toEqual(requests.arrival);
  expect(spreadTimes(logged, { spread: "uniform", seed: 3 }).requests.arrival)
    .not.toEqual(requests.arrival);
});

test("finer times stay as they are, and the step says so", () => {
  const { requests, provenance } = spreadTimes(workloadAt([0, 0, 0.25]), { spread: "uniform" });
  expect([...requests.arrival]).toEqual([0, 0, 0.25]);
  expect(provenance.steps).toEqual(["times are finer than a second: none is spread"]);
});
