import { expect, test } from "vitest";
import { mean, variance } from "../readers/support/statistics.ts";
import { exponential } from "../../../src/random/exponential.ts";
import { substream } from "../../../src/random/substream.ts";
import { summarizeArrivals } from "../../../src/workload/statistics/summarize-arrivals.ts";
import { poissonAtGrain, timeGrain } from "../../../src/workload/statistics/time-grain.ts";

const grainOf = (...times: number[]) => timeGrain(Float64Array.from(times));

/** A Poisson process whose times are rounded down to steps. */
function logged(rate: number, grain: number, size: number) {
  const random = substream(3, "logged");
  let now = 0;
  const arrival = Float64Array.from(
    { length: size },
    () => grain * Math.floor((now += exponential(random) / rate) / grain),
  );
  return { size, arrival, phases: [{ name: "all", first: 0, afterDrainSeconds: 0 }] as const };
}

/** Variance over mean of the counts in bins that are whole. */
function dispersion(arrival: Float64Array, seconds: number): number {
  const bins = new Float64Array(Math.floor(arrival[arrival.length - 1] / seconds));
  for (const at of arrival) if (at / seconds < bins.length) bins[Math.floor(at / seconds)]++;
  return variance(bins) / mean(bins);
}

test("a grain is what all times are multiples of, where that is no accident", () => {
  expect(grainOf(0, 1, 2)).toBe(1);
  expect(grainOf(1.7e9 + 0.25, 1.7e9 + 1.25, 1.7e9 + 7.25)).toBe(1);
  expect(grainOf(0, 60, 180)).toBe(60);
  expect(grainOf(0, 0, 3600, 10_800, 14_400)).toBe(3600);
  // Two gaps that both divide by 10 are an accident once in a hundred times, three once in a thousand.
  expect(grainOf(0, 10, 30)).toBe(1);
  expect(grainOf(0, 10, 30, 70)).toBe(10);
  expect(grainOf(0, 3, 3, 12, 15, 18, 21, 27, 33)).toBe(3);
  expect(grainOf(0, 0.5, 1)).toBe(0);
  expect(grainOf(0, 0, 1)).toBe(0);
  expect(grainOf(0, 0.2, 1, 2, 3)).toBe(0);
  expect(grainOf(5, 5, 5)).toBe(0);
  expect(grainOf(5)).toBe(0);
  expect(grainOf()).toBe(0);
});

test("batches that wobble by a millisecond have a grain too", () => {
  const times = [0, 0, 3, 5.999, 5.999, 9, 12.001, 18, 18];
  expect(grainOf(...times)).toBeCloseTo(3, 2);
});

test("a Poisson stream at 3 a second in whole seconds seems to have a CV of 1.5", () => {
  expect(poissonAtGrain(3, 1).gap_cv).toBeCloseTo(1.521, 3);
  // Far below one a step nothing shows.
  expect(poissonAtGrain(0.001, 1).gap_cv).toBeCloseTo(1, 3);
  expect(poissonAtGrain(3, 60).idc_1s).toBeCloseTo(1 + 3 * 59, 9);
  expect(poissonAtGrain(3, 60).idc_60s).toBe(1);
});

for (
  const [rate, grain] of [[3, 1], [0.5, 1], [20, 1], [0.2, 60], [2, 60], [4, 3], [1, 7]] as const
) {
  test(`the formula is what a simulation shows: ${rate} a second in steps of ${grain} s`, () => {
    const requests = logged(rate, grain, 400_000);
    const expected = poissonAtGrain(rate, grain);
    expect(summarizeArrivals(requests).gap_cv / expected.gap_cv).toBeCloseTo(1, 1.7);
    expect(dispersion(requests.arrival, 1) / expected.idc_1s).toBeCloseTo(1, 1);
    expect(dispersion(requests.arrival, 10) / expected.idc_10s).toBeCloseTo(1, 1);
    expect(dispersion(requests.arrival, 60) / expected.idc_60s).toBeCloseTo(1, 0.4);
  });
}
