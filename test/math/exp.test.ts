import fc from "fast-check";
import { expect, test } from "vitest";
import { exp } from "../../src/math/exp.ts";
import { ulpsBetween } from "./ulps-between.ts";

test("exp(x) is within 2 units in the last place of the platform's, which errs by up to 1", () => {
  for (const bound of [0.01, 1, 40, 708]) {
    fc.assert(
      fc.property(
        fc.double({ min: -bound, max: bound, noNaN: true }),
        (x) => {
          expect(ulpsBetween(exp(x), Math.exp(x))).toBeLessThanOrEqual(2);
        },
      ),
      { numRuns: 2000 },
    );
  }
});

test.each([
  [0, 1],
  [-0, 1],
  [NaN, NaN],
  [Infinity, Infinity],
  [-Infinity, 0],
  [709.79, Infinity],
  [-745.2, 0],
  [-745, 5e-324],
])("exp(%s) is %s", (x, expected) => {
  expect(exp(x)).toBe(expected);
});

// Within one unit of the exact value; the very bits are pinned.
test.each([
  [-1, 0.36787944117144233],
  [0.5, 1.6487212707001282],
  [10, 22026.465794806718],
  [-0.001, 0.999000499833375],
  [700, 1.0142320547350045e304],
])("exp(%s) has the bits of %s on every machine", (x, expected) => {
  expect(exp(x)).toBe(expected);
});
