import { expect, test } from "vitest";
import { trafficOverTime } from "../../src/analysis/traffic-over-time.ts";
import { workloadOf } from "./traffic.ts";

test("windows hold every request, and multiples of the trace's own means", () => {
  const workload = workloadOf([100, 101, 102, 103, 110], [10, 10, 10, 10, 60]);
  const rows = trafficOverTime([{ trace: "a", workload }], { windows: 5 }).objects() as {
    hours: number;
    requests: number;
    arrivals: number;
    answers: number;
  }[];
  expect(rows.map(({ requests }) => requests)).toEqual([2, 2, 0, 0, 1]);
  expect(rows.map(({ arrivals }) => arrivals)).toEqual([2, 2, 0, 0, 1]);
  expect(rows.map(({ answers }) => answers)).toEqual([0.5, 0.5, NaN, NaN, 3]);
  expect(rows[4].hours).toBeCloseTo(9 / 3600, 12);
  expect(() => trafficOverTime([{ trace: "lengths", workload: workloadOf([0, 0], [1, 1]) }]))
    .toThrow(/lengths.*do not all arrive at one instant/);
});

test("multiples of the mean average to 1: arrivals over windows, answers over requests", () => {
  const arrival = Array.from({ length: 500 }, (_, i) => i + 3 * Math.sin(i));
  const answers = arrival.map((_, i) => 1 + (i * i) % 97);
  const workload = workloadOf(arrival.toSorted((a, b) => a - b), answers);
  const rows = trafficOverTime([{ trace: "a", workload }], { windows: 7 }).objects() as {
    requests: number;
    arrivals: number;
    answers: number;
  }[];
  expect(rows.reduce((sum, { requests }) => sum + requests, 0)).toBe(500);
  expect(rows.reduce((sum, { arrivals }) => sum + arrivals, 0) / 7).toBeCloseTo(1, 12);
  expect(rows.reduce((sum, { requests, answers }) => sum + requests * answers, 0) / 500)
    .toBeCloseTo(1, 12);
});
