import { expect, test } from "vitest";
import { alternativesOf, asItWas, KNOWS_ALL } from "../../src/what-if/alternative.ts";

const standard = { name: "cap", choice: "cap" };

test("the usual alternatives are policies, an oracle, and more servers", () => {
  const spec = { servers: [2, 3], standard, tiers: false };
  expect(asItWas(spec)).toMatchObject({ name: "as it was × 2", servers: 2 });
  expect(alternativesOf(spec).map(({ name }) => name)).toEqual([
    "fifo, 32 in flight × 2",
    "sjf, 32 in flight × 2",
    "sjf, in vLLM's queue × 2",
    "sjf oracle, 32 in flight × 2",
    "as it was × 3",
    "sjf, 32 in flight × 3",
  ]);
  const withTiers = alternativesOf({ ...spec, servers: [1], tiers: true }).map(({ name }) => name);
  expect(withTiers).toContain("priority, 32 in flight");
});

test("what is named is crossed, and each has a name of its own", () => {
  const found = alternativesOf({
    servers: [1, 4],
    standard,
    tiers: true,
    policies: ["sjf", { name: "aging" }],
    dispatches: [{ rule: "in-flight", window: 8 }, { rule: "pass-through" }],
    estimators: [standard, KNOWS_ALL],
  });
  // 2 policies × 2 rules × 2 estimators × 2 numbers of servers, and as it was with four.
  expect(found).toHaveLength(17);
  expect(new Set(found.map(({ name }) => name)).size).toBe(17);
  expect(found[0].name).toBe("sjf cap, 8 in flight × 1");
});
