import fc from "fast-check";
import { expect, test } from "vitest";
import {
  normal,
  type Random,
  substream,
  uniformInt,
  weightedIndex,
} from "../../src/random/substream.ts";

function draws(random: Random, n: number): Float64Array {
  return Float64Array.from({ length: n }, () => random.next());
}

/** A source that repeats one number. */
const always = (value: number): Random => ({ next: () => value });

const BELOW_ONE = 1 - 2 ** -53;

test("a seed and a name give these numbers on every machine", () => {
  expect([...draws(substream(1, "gaps"), 3)]).toEqual([
    0.3474905859287045,
    0.475375395274524,
    0.21971912104343028,
  ]);
  expect([...draws(substream(-7, ""), 2)]).toEqual([
    0.587575371340191,
    0.04198543001540511,
  ]);
});

test("another name or another seed gives other numbers", () => {
  const first = (seed: number, name: string) => substream(seed, name).next();
  const seen = new Set<number>();
  for (let seed = -50; seed < 50; seed++) {
    for (const name of ["", "a", "b", "ab", "ba", "gaps", "lengths"]) seen.add(first(seed, name));
  }
  expect(seen.size).toBe(700);
  // The seed is set off from the name: 1 with "2/x" is not 12 with "x", nor "1/2" with "x".
  expect(first(1, "2/x")).not.toBe(first(12, "x"));
});

test("numbers are uniform in [0, 1) to the last of 53 bits", () => {
  const n = 200_000;
  const values = draws(substream(3, "uniform"), n);
  const cells = new Int32Array(100);
  let lowBits = 0;
  for (const value of values) {
    cells[Math.floor(value * 100)]++;
    lowBits += (value * 2 ** 53) % 2;
  }
  expect(values.every((value) => value >= 0 && value < 1)).toBe(true);
  const chi2 = cells.reduce((sum, count) => sum + (count - n / 100) ** 2 / (n / 100), 0);
  // 99 degrees of freedom: 99.98 % of chi-squared lies between 55 and 158.
  expect(chi2).toBeGreaterThan(55);
  expect(chi2).toBeLessThan(158);
  expect(Math.abs(lowBits / n - 0.5)).toBeLessThan(4 * 0.5 / Math.sqrt(n));
});

test("first draws of neighbouring seeds, and successive draws, are not correlated", () => {
  const correlation = (x: Float64Array, y: Float64Array) => {
    let sum = 0;
    for (let i = 0; i < x.length; i++) sum += (x[i] - 0.5) * (y[i] - 0.5);
    return 12 * sum / x.length;
  };
  const n = 20_000;
  const firsts = Float64Array.from({ length: n + 1 }, (_, seed) => substream(seed, "gaps").next());
  expect(Math.abs(correlation(firsts.subarray(0, n), firsts.subarray(1)))).toBeLessThan(
    4 / Math.sqrt(n),
  );
  const stream = draws(substream(1, "gaps"), n + 1);
  expect(Math.abs(correlation(stream.subarray(0, n), stream.subarray(1)))).toBeLessThan(
    4 / Math.sqrt(n),
  );
  const other = draws(substream(1, "lengths"), n);
  expect(Math.abs(correlation(stream.subarray(0, n), other))).toBeLessThan(4 / Math.sqrt(n));
});

test.each([1.5, NaN, Infinity, 2 ** 60])("the seed %d is refused", (seed) => {
  expect(() => substream(seed, "gaps")).toThrow(RangeError);
});

test("uniform integers lie in [0, bound) and reach both ends", () => {
  expect(uniformInt(always(0), 7)).toBe(0);
  expect(uniformInt(always(BELOW_ONE), 7)).toBe(6);
  expect(uniformInt(always(BELOW_ONE), 2 ** 31)).toBe(2 ** 31 - 1);
  const counts = new Int32Array(5);
  const random = substream(4, "ints");
  for (let i = 0; i < 50_000; i++) counts[uniformInt(random, 5)]++;
  for (const count of counts) expect(Math.abs(count - 10_000)).toBeLessThan(4 * Math.sqrt(8000));
});

test("normal draws have the moments and the tails of a standard normal", () => {
  const n = 200_000;
  const random = substream(5, "normal");
  let sum = 0, squares = 0, fourth = 0, beyond2 = 0;
  for (let i = 0; i < n; i++) {
    const z = normal(random);
    sum += z;
    squares += z * z;
    fourth += z ** 4;
    if (Math.abs(z) > 2) beyond2++;
  }
  expect(Math.abs(sum / n)).toBeLessThan(4 / Math.sqrt(n));
  expect(Math.abs(squares / n - 1)).toBeLessThan(4 * Math.SQRT2 / Math.sqrt(n));
  expect(Math.abs(fourth / n - 3)).toBeLessThan(4 * Math.sqrt(96 / n));
  expect(Math.abs(beyond2 / n - 0.0455)).toBeLessThan(4 * Math.sqrt(0.0455 / n));
});

test("weights give shares, whatever their sum", () => {
  const weights = [40, 25, 0, 25, 10];
  const counts = new Int32Array(5);
  const random = substream(6, "weights");
  const n = 100_000;
  for (let i = 0; i < n; i++) counts[weightedIndex(random, weights)]++;
  weights.forEach((weight, i) => {
    const share = weight / 100;
    expect(Math.abs(counts[i] / n - share))
      .toBeLessThanOrEqual(4 * Math.sqrt(share * (1 - share) / n));
  });
});

test("an index without weight is never drawn, also where rounding eats the last of the sum", () => {
  const weight = fc.oneof(fc.constant(0), fc.constantFrom(0.1, 0.2, 0.3, 0.7, 1e-9, 3));
  fc.assert(
    fc.property(
      fc.array(weight, { minLength: 1, maxLength: 8 }).filter((list) => list.some((w) => w > 0)),
      fc.constantFrom(0, 0.1, 0.25, 0.5, 1 - 2 ** -40, BELOW_ONE),
      (weights, value) => weights[weightedIndex(always(value), weights)] > 0,
    ),
    { numRuns: 2000 },
  );
});
