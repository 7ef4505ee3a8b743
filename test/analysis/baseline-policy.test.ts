import { expect, test } from "vitest";
import { baselinePolicy } from "../../src/analysis/baseline-policy.ts";
import { POLICIES } from "../../src/policies/registry.ts";

test("the baseline is the first of the registry among those shown, wherever it stands", () => {
  const { names } = POLICIES;
  expect(baselinePolicy(names.toReversed())).toBe(names[0]);
  expect(baselinePolicy(["mine", names[3], names[1]])).toBe(names[1]);
});

test("of policies that nobody has registered it is the first; of none there is none", () => {
  expect(baselinePolicy(new Set(["mine", "yours"]))).toBe("mine");
  expect(() => baselinePolicy([])).toThrow(/none is named/);
});
