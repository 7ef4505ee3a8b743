import fc from "fast-check";
import { expect, test } from "vitest";
import { mergeSorted } from "../../src/statistics/merge-sorted.ts";

const numbers = fc.array(fc.double({ noNaN: true, noDefaultInfinity: true }), { maxLength: 30 });

test("merging sorted arrays is sorting all their values together", () => {
  fc.assert(
    fc.property(fc.array(numbers, { maxLength: 5 }), (parts) => {
      // -0 and 0 are equal, so either may come first.
      const plain = (values: number[]) => values.map((value) => value + 0);
      const sorted = parts.map((part) => Float64Array.from(plain(part)).sort());
      expect(Array.from(mergeSorted(sorted)))
        .toEqual(Array.from(Float64Array.from(parts.flatMap(plain)).sort()));
    }),
  );
});

test("nothing merged is nothing", () => {
  expect(mergeSorted([])).toEqual(new Float64Array(0));
});
