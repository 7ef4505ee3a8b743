import { expect, test } from "vitest";
import { NanosecondClock } from "../../../../src/workload/readers/parsing/nanoseconds.ts";

test("differences are right to a microsecond, though no double holds the instants", () => {
  const clock = new NanosecondClock();
  expect(clock.assumptions()).toEqual([]);
  expect([clock.seconds(0), clock.seconds(null), clock.seconds(undefined)]).toEqual([
    NaN,
    NaN,
    NaN,
  ]);
  const start = 1759813207532900363n;
  for (const after of [0n, 1n, 999n, 117_830_613n, 86_400_000_000_001n]) {
    const seconds = clock.seconds(JSON.parse(String(start + after)));
    expect(Math.abs(seconds - Number(after) / 1e9)).toBeLessThan(1e-6);
  }
});
