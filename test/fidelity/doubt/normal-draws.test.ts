import { expect, test } from "vitest";
import { normalDraws, studentDraws } from "../../../src/fidelity/doubt/normal-draws.ts";
import { normalCdf } from "../../../src/math/normal-distribution.ts";
import { quantile } from "../../../src/statistics/quantile.ts";

test("one draw lies in each of the equally likely intervals, and names order them differently", () => {
  const draws = normalDraws(7, "speed", 40);
  const places = Array.from(draws, (z) => Math.floor(40 * normalCdf(z)));
  expect(places.toSorted((a, b) => a - b)).toEqual(Array.from(Array(40).keys()));
  expect(places).not.toEqual(Array.from(Array(40).keys()));
  expect(normalDraws(7, "speed", 40)).toEqual(draws);
  expect(normalDraws(7, "prefill", 40)).not.toEqual(draws);
  expect(normalDraws(8, "speed", 40)).not.toEqual(draws);
});

// Quantiles of Student's t at 0.95 as tables have them.
test.each([[3, 2.353], [9, 1.833], [Infinity, 1.645]])(
  "with %d degrees of freedom 5 %% of the draws lie above %d",
  (freedom, tabled) => {
    const draws = studentDraws(1, "speed", { size: 40_000, freedom });
    expect(quantile(draws, 0.95)).toBeCloseTo(tabled, 1);
    expect(quantile(draws, 0.05)).toBeCloseTo(-tabled, 1);
  },
);
