import { expect, test } from "vitest";
import { dispersionOverWidth } from "../../src/analysis/dispersion-over-width.ts";
import { workloadOf } from "./traffic.ts";

test("dispersion is of bins from 1 s to a twentieth of the span, and grows where bursts last", () => {
  // Half a minute with one request a second, half a minute without, and so on for 1000 s.
  const arrival = Array.from({ length: 1001 }, (_, i) => i).filter((i) => i % 60 < 30);
  const { requests } = workloadOf(arrival, arrival.map(() => 1));
  const rows = dispersionOverWidth([{ trace: "a", source: "real", arrivals: requests }])
    .objects() as { seconds: number; dispersion: number }[];
  expect(rows.map(({ seconds }) => seconds)).toEqual([1, 2, 5, 10, 20]);
  // Of bins that hold 0 or 1, about half each, the variance is half the mean; ten times that of 10.
  expect(rows[0].dispersion).toBeCloseTo(0.5, 1);
  expect(rows[3].dispersion).toBeCloseTo(5, 0);
});

test("traces and sources keep their names; a span too short for twenty bins has no width", () => {
  const arrivals = workloadOf([0, 10, 30], [1, 1, 1]).requests;
  const short = workloadOf([0, 10], [1, 1]).requests;
  const rows = dispersionOverWidth([
    { trace: "a", source: "real", arrivals },
    { trace: "a", source: "generated", arrivals: short },
  ]).objects();
  // Thirty bins of 1 s with 3 arrivals: mean 0.1, variance 0.09.
  expect(rows).toEqual([
    { trace: "a", source: "real", seconds: 1, dispersion: expect.closeTo(0.9, 12) },
  ]);
});
