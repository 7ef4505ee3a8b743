import { expect, test } from "vitest";
import {
  dateUnitOf,
  doubtOfUnit,
  type UnitEvidence,
  unitOfTimes,
} from "../../../../src/workload/readers/parsing/unit-of-times.ts";

/** What a column is, what else is known of the file, and the unit; undefined: cannot be told. */
const CASES: readonly (readonly [
  string,
  readonly number[],
  Omit<UnitEvidence, "times">,
  "s" | "ms" | "us" | "ns" | undefined,
])[] = [
  ["seconds whose first is whole", [0, 0.2, 0.4], { blockTokens: 512 }, "s"],
  ["seconds of a fast log without ids", [0, 0.05, 0.11, 0.13], {}, "s"],
  ["milliseconds that were written as floats", [0, 10535, 27482], { blockTokens: 512 }, "ms"],
  ["milliseconds without ids", [0, 10535], {}, "ms"],
  ["milliseconds in batches, as Mooncake's", [0, 0, 0, 3000, 3000], { blockTokens: 512 }, "ms"],
  ["milliseconds at 3 a second", [0, 250, 700, 1010], { blockTokens: 512 }, "ms"],
  ["the same without ids", [0, 250, 700, 1010], {}, undefined],
  ["milliseconds with fractions", [0, 1500.5, 3200.25], { blockTokens: 512 }, "ms"],
  ["the same without ids", [0, 1500.5, 3200.25], {}, "ms"],
  ["seconds with fractions at one in 3 s", [0.5, 2.25, 6.75], {}, "s"],
  ["the same with blocks of 16", [0.5, 2.25, 6.75], { blockTokens: 16 }, "s"],
  ["the same with Mooncake's blocks", [0.5, 2.25, 6.75], { blockTokens: 512 }, undefined],
  ["whole seconds with blocks of 16", [0, 3, 7, 12], { blockTokens: 16 }, "s"],
  ["whole seconds, 3 in each", [0, 0, 0, 1, 1, 1, 2, 2, 2], {}, "s"],
  ["the same with Mooncake's blocks", [0, 0, 0, 1, 1, 1, 2, 2], { blockTokens: 512 }, "s"],
  ["slow whole seconds with Mooncake's blocks", [0, 3, 7, 12], { blockTokens: 512 }, undefined],
  ["slow whole seconds without ids", [0, 3, 7, 12], {}, undefined],
  ["blocks of a length that tells nothing", [0, 3, 7, 12], { blockTokens: 64 }, undefined],
  ["milliseconds with blocks of 16", [0, 10535, 27482], { blockTokens: 16 }, "ms"],
  ["minutes apart with blocks of 16", [0, 300, 650], { blockTokens: 16 }, undefined],
  ["a turn that waits", [0], { hasDelays: true }, "ms"],
  ["turns that wait, with blocks of 16", [0, 4], { hasDelays: true, blockTokens: 16 }, undefined],
  ["the same without times", [], { hasDelays: true, blockTokens: 16 }, "ms"],
  ["one row with Mooncake's blocks", [5], { blockTokens: 512 }, "ms"],
  ["one row with blocks of 16", [5], { blockTokens: 16 }, "s"],
  ["one row without ids", [5], {}, undefined],
  ["one row at 0, where no unit makes a difference", [0], {}, "ms"],
  ["times that are all the same", [7, 7, 7], {}, undefined],
  ["seconds since 1970", [1759813207, 1759813218], {}, "s"],
  ["seconds since 1970 with Mooncake's blocks", [1759813207.5, 1759813218], {
    blockTokens: 512,
  }, "s"],
  ["milliseconds since 1970", [1759813207532, 1759813218067], {}, "ms"],
  ["microseconds since 1970", [1759813207532000, 1759813218067000], {}, "us"],
  ["nanoseconds since 1970", [1759813207532000000, 1759813218067000000], {}, "ns"],
  ["one date", [1759813207532], {}, "ms"],
  ["dates, and one row without", [1759813207532, 1759813218067, 0], {}, "ms"],
];

for (const [what, times, more, unit] of CASES) {
  test(`${what}: ${times.join(", ")} ${JSON.stringify(more)}`, () => {
    expect(unitOfTimes({ times, ...more }).unit).toBe(unit);
  });
}

test("the order of rows makes no difference", () => {
  for (const [, times, more, unit] of CASES) {
    expect(unitOfTimes({ times: times.toReversed(), ...more }).unit).toBe(unit);
  }
});

test("the reasons name both rates, and what the ids are", () => {
  expect(unitOfTimes({ times: [0, 4, 8], blockTokens: 512 }).reasons).toEqual([
    "0.25 requests a second in seconds, 250 in milliseconds",
    "ids of blocks of 512 tokens, as Mooncake's",
  ]);
});

test("dates are those from 2001 to 2100", () => {
  const at = (date: string) => Date.parse(date) / 1000;
  expect(dateUnitOf(at("2001-09-09T00:00:00Z"))).toBeUndefined();
  expect(dateUnitOf(at("2001-09-10T00:00:00Z"))).toBe("s");
  expect(dateUnitOf(at("2099-12-31T23:59:59Z"))).toBe("s");
  expect(dateUnitOf(at("2100-01-01T00:00:00Z"))).toBeUndefined();
});

test("a format's own unit is doubted where all times look like another", () => {
  expect(doubtOfUnit("s", { times: [0, 5000, 9500] })).toBe(
    "although the file looks like milliseconds: 0.000211 requests a second in seconds, 0.211 in " +
      "milliseconds",
  );
  expect(doubtOfUnit("s", { times: [0, 5, 9.5] })).toBeUndefined();
  expect(doubtOfUnit("s", { times: [0, 50, 95] })).toBeUndefined();
  expect(doubtOfUnit("s", { times: [0] })).toBeUndefined();
  expect(doubtOfUnit("s", { times: [0, 0] })).toBeUndefined();
});
