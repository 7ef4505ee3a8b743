import { beforeAll, expect, test } from "vitest";
import { loadArenaTrace } from "../../../src/files/load-arena.ts";
import { simulate } from "../../../src/paper/simulate.ts";
import { serverCapacity } from "../../../src/sweeps/server-capacity.ts";
import {
  arrivalGaps,
  arrivalRate,
  indexOfDispersion,
} from "../../../src/workload/statistics/arrivals.ts";
import { coefficientOfVariation } from "../../../src/statistics/moments.ts";
import {
  offeredLoad,
  scaleToRate,
  scaleToUtilisation,
} from "../../../src/workload/transforms/scale-to-rate.ts";
import type { Workload } from "../../../src/workload/workload.ts";
import { smallWorkload } from "./support/small-workload.ts";

let trace: Workload;
beforeAll(async () => {
  trace = (await loadArenaTrace()).workload;
});

test("the rate is the wanted one, burstiness relative to the gap stays", () => {
  const { requests, provenance } = scaleToRate(trace, 10);
  expect(arrivalRate(requests)).toBeCloseTo(10, 9);
  expect(coefficientOfVariation(arrivalGaps(requests)))
    .toBeCloseTo(coefficientOfVariation(arrivalGaps(trace.requests)), 9);
  const factor = arrivalRate(trace.requests) / 10;
  expect(indexOfDispersion(requests, 10 * factor))
    .toBeCloseTo(indexOfDispersion(trace.requests, 10), 9);
  expect(provenance.steps!.at(-1)).toBe(`time multiplied by ${factor}: 10 requests a second`);
});

test("phases keep their rates in proportion, and their pauses are scaled", () => {
  const before = smallWorkload();
  const { requests } = scaleToRate(before, 2 * arrivalRate(before.requests));
  expect(arrivalRate(requests)).toBeCloseTo(2 * 5 / 6.5, 12);
  expect([...requests.arrival]).toEqual([0, 0.5, 1.25, 2, 0.25, 0.5, 1.5]);
  expect(requests.phases[1].afterDrainSeconds).toBe(7.5);
});

test("a utilisation is a share of what the server completes", () => {
  const load = { utilisation: 0.8, capacity: 5 };
  const scaled = scaleToUtilisation(trace, load);
  expect(arrivalRate(scaled.requests)).toBeCloseTo(4, 9);
  expect(offeredLoad(scaled, 5)).toBeCloseTo(0.8, 9);
  expect(scaled.provenance.steps!.at(-1)).toContain("utilisation 0.8 of a server that completes 5");
});

test("measured on an engine, below 1 the server keeps up and above 1 its queue grows", () => {
  const options = {
    dispatch: { rule: "in-flight", window: 64 },
    scheduler: { estimator: { options: { counting: "tokenizer" } } },
  } as const;
  const capacity = serverCapacity(trace, options);
  /** Seconds from the last arrival to the last finish. */
  const drain = (utilisation: number) => {
    const workload = scaleToUtilisation(trace, { utilisation, capacity });
    const run = simulate(workload, options);
    return Math.max(...run.finish) - workload.requests.arrival.at(-1)!;
  };
  const whole = 1500 / capacity;
  expect(drain(0.5)).toBeLessThan(0.1 * whole);
  // At twice the capacity half of the work is left when the last request comes.
  expect(Math.abs(drain(2) / (whole / 2) - 1)).toBeLessThan(0.15);
});

test("what cannot be scaled is refused by name", () => {
  for (const rate of [0, -1, NaN, Infinity]) {
    expect(() => scaleToRate(trace, rate)).toThrow(`scaleToRate, field rate: got ${rate}`);
  }
  expect(() => scaleToUtilisation(trace, { utilisation: 0.5, capacity: 0 }))
    .toThrow("scaleToUtilisation, field capacity: got 0");
  const atOnce = {
    ...trace,
    requests: { ...trace.requests, arrival: new Float64Array(1500) },
  };
  expect(() => scaleToRate(atOnce, 1)).toThrow('field arrival: got "1500 requests"');
});
