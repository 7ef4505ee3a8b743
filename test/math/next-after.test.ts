import { expect, test } from "vitest";
import { nextAfter } from "../../src/math/next-after.ts";

test("between a number and the next one there is none", () => {
  for (const value of [0, Number.MIN_VALUE, 0.1, 1, 1.5, 2 ** 53, 1e300]) {
    const next = nextAfter(value);
    expect(next).toBeGreaterThan(value);
    const middle = value / 2 + next / 2;
    expect([value, next]).toContain(middle);
  }
  expect(nextAfter(0)).toBe(Number.MIN_VALUE);
  expect(nextAfter(1)).toBe(1 + Number.EPSILON);
});
