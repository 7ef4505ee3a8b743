import fc from "fast-check";
import { expect, test } from "vitest";
import { nelderMead } from "../../src/statistics/nelder-mead.ts";

test("it finds the lowest point of any bowl in three dimensions", () => {
  const number = fc.double({ min: -3, max: 3, noNaN: true });
  const width = fc.double({ min: 0.5, max: 4, noNaN: true });
  fc.assert(
    fc.property(
      fc.tuple(number, number, number),
      fc.tuple(width, width, width),
      fc.tuple(number, number, number),
      (lowest, widths, start) => {
        const { at, value } = nelderMead(
          (x) => 7 + x.reduce((sum, each, i) => sum + ((each - lowest[i]) / widths[i]) ** 2, 0),
          { start, steps: [0.5, 0.5, 0.5], moves: 400 },
        );
        expect(value).toBeCloseTo(7, 6);
        at.forEach((x, i) => expect(x).toBeCloseTo(lowest[i], 2));
      },
    ),
    { numRuns: 50 },
  );
});

test("it follows Rosenbrock's valley to its end", () => {
  const { at } = nelderMead(
    ([x, y]) => (1 - x) ** 2 + 100 * (y - x * x) ** 2,
    { start: [-1.2, 1], steps: [0.1, 0.1], moves: 300 },
  );
  expect(at[0]).toBeCloseTo(1, 5);
  expect(at[1]).toBeCloseTo(1, 5);
});

test("where the function has no value it does not go", () => {
  const { at, value } = nelderMead(
    ([x]) => x < 2 ? Infinity : x,
    { start: [5], steps: [1], moves: 100 },
  );
  expect(value).toBeLessThan(2.01);
  expect(at[0]).toBeGreaterThanOrEqual(2);
});
