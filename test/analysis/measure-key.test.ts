import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  LATENCY_STATISTICS,
  type MeasureKey,
  measureName,
  parseMeasure,
} from "../../src/analysis/measure-key.ts";

/** Names that people give, and such as would break a form without escapes. */
const Name = fc.oneof(
  fc.string(),
  fc.string({ unit: "binary" }),
  fc.constantFrom("late", "all", "a,tier=b", "[x]", "\\", "\\]", "a\nb", "phase=stress", "\ud800"),
);
const Scope = fc.record(
  { phase: Name, tier: Name, category: Name, part: fc.constant("late" as const) },
  { requiredKeys: [] },
);
const Key: fc.Arbitrary<MeasureKey> = fc.oneof(
  fc.tuple(fc.constantFrom("mae", "relative_mae", "factor", "starved", "makespan"), Scope)
    .map(([measure, scope]) => ({ measure, ...scope }) as MeasureKey),
  fc.tuple(fc.constantFrom("wait", "e2e"), fc.constantFrom(...LATENCY_STATISTICS), Scope)
    .map(([measure, statistic, scope]) => ({ measure, statistic, ...scope }) as MeasureKey),
);

test("a key comes back from its name, whatever tiers, phases and categories are called", () => {
  fc.assert(fc.property(Key, (key) => {
    expect(parseMeasure(measureName(key))).toEqual(key);
  }));
});

test("different keys have different names", () => {
  const identity = ({ measure, statistic, phase, tier, category, part }: MeasureKey) =>
    JSON.stringify([measure, statistic, phase, tier, category, part].map((part) => part ?? null));
  fc.assert(fc.property(Key, Key, (a, b) => {
    expect(measureName(a) === measureName(b)).toBe(identity(a) === identity(b));
  }));
});

test("the form is plain where names are", () => {
  expect(measureName({ measure: "e2e", statistic: "p99", phase: "stress", tier: "premium" }))
    .toBe("e2e.p99[phase=stress,tier=premium]");
  expect(measureName({ measure: "mae", part: "late" })).toBe("mae[part=late]");
  expect(measureName({ measure: "mae", category: "late" })).toBe("mae[category=late]");
  expect(measureName({ measure: "makespan", phase: undefined })).toBe("makespan");
});

describe("another text is refused, and the message says what is wrong", () => {
  test.each([
    ["", "a form such as"],
    ["mae_late", "one of wait, inference, e2e, mae"],
    ["e2e", "a latency with one of mean, p50"],
    ["e2e.p42", "a latency with one of mean, p50"],
    ["mae.p50", "mae without a statistic"],
    ["mae[]", "parts of phase, tier, category, part"],
    ["mae[server=a]", "parts of phase, tier, category, part"],
    ["mae[phase=a]b]", "parts of phase"],
    ["mae[part=early]", "part=late"],
    ["mae[tier=a,phase=b]", "the form mae[phase=b,tier=a]"],
    ["mae[tier=a,tier=b]", "the form mae[tier=b]"],
  ])("%j", (name, expected) => {
    expect(() => parseMeasure(name)).toThrow(expected);
  });
});
