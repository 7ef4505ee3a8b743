import fc from "fast-check";
import { expect, test } from "vitest";
import { RowNumbers } from "../../../../src/workload/readers/map/row-numbers.ts";

test("lines of kept rows are found again, whatever was left out between", () => {
  const gaps = fc.array(fc.nat(3), { minLength: 1, maxLength: 60 });
  fc.assert(fc.property(gaps, (gaps) => {
    const numbers = new RowNumbers();
    let line = 1;
    const lines = gaps.map((gap) => line += 1 + gap);
    for (const each of lines) numbers.push(each);
    expect(numbers.size).toBe(lines.length);
    expect(lines.map((_, index) => numbers.at(index))).toEqual(lines);
  }));
});
