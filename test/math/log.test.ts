import fc from "fast-check";
import { expect, test } from "vitest";
import { log } from "../../src/math/log.ts";
import { log2 } from "../../src/math/log2.ts";
import { ulpsBetween } from "./ulps-between.ts";

const positive = fc.double({ min: 5e-324, max: Number.MAX_VALUE, noNaN: true });

test("log(x) is within 2 units in the last place of the platform's, which errs by up to 1", () => {
  fc.assert(
    fc.property(positive, (x) => {
      expect(ulpsBetween(log(x), Math.log(x))).toBeLessThanOrEqual(2);
    }),
    { numRuns: 5000 },
  );
});

test("log(x) is as close near 1, where the result is small", () => {
  fc.assert(
    fc.property(
      fc.double({ min: 0.999, max: 1.001, noNaN: true }),
      (x) => {
        expect(ulpsBetween(log(x), Math.log(x))).toBeLessThanOrEqual(2);
      },
    ),
    { numRuns: 2000 },
  );
});

test.each([
  [1, 0],
  [0, -Infinity],
  [-0, -Infinity],
  [-1, NaN],
  [NaN, NaN],
  [Infinity, Infinity],
  [-Infinity, NaN],
])("log(%s) is %s", (x, expected) => {
  expect(log(x)).toBe(expected);
  expect(log2(x)).toBe(expected);
});

// Within one unit of the exact value; the very bits are pinned.
test.each([
  [2, 0.6931471805599453],
  [10, 2.302585092994046],
  [0.1, -2.3025850929940455],
  [5e-324, -744.4400719213812],
  [Number.MAX_VALUE, 709.782712893384],
  [1.0000001, 9.999999505838704e-8],
])("log(%s) has the bits of %s on every machine", (x, expected) => {
  expect(log(x)).toBe(expected);
});

test("log2 of a power of two is exact", () => {
  for (let k = -1074; k < 1024; k++) expect(log2(2 ** k)).toBe(k);
});

test("log2(x) is within 4 units in the last place of the platform's", () => {
  fc.assert(
    fc.property(
      fc.double({ min: 2, max: 1e300, noNaN: true }),
      (x) => {
        expect(ulpsBetween(log2(x), Math.log2(x))).toBeLessThanOrEqual(4);
      },
    ),
    { numRuns: 2000 },
  );
});
