import { expect, test } from "vitest";
import { InputError } from "../../src/errors/input-error.ts";
import { createPolicy, POLICIES, policyNamed } from "../../src/policies/registry.ts";

const view = {
  queuedAt: new Float64Array(1),
  tier: new Uint8Array(1),
  tierCount: 3,
  estimatedOutput: new Int32Array(1),
  totalBudget: new Int32Array(1),
};

test("the five policies of the paper are there, in the order of its tables, each named once", () => {
  expect(POLICIES.map(({ name }) => name)).toEqual([
    "fifo",
    "priority",
    "weighted",
    "sjf",
    "aging",
  ]);
  expect(new Set(POLICIES.map(({ title }) => title)).size).toBe(POLICIES.length);
  for (const policy of POLICIES) expect(policyNamed(policy.name)).toBe(policy);
});

test("an unknown policy is refused with the names that are known", () => {
  expect(() => createPolicy("lifo", view)).toThrow(InputError);
  expect(() => createPolicy("lifo", view)).toThrow(
    'field policy: got "lifo", expected one of fifo, priority, weighted, sjf, aging',
  );
});

test.each<[string, unknown, string]>([
  ["fifo", { rate: 1 }, "options of policy fifo, field rate: got 1, expected a known name"],
  ["sjf", { rate: 1 }, "options of policy sjf, field rate: got 1"],
  ["priority", { rate: 1 }, "options of policy priority, field rate: got 1"],
  ["aging", { ratePerSecond: -1 }, "field ratePerSecond: got -1, expected number to be >=0"],
  ["aging", { ratePerSecond: "fast" }, 'field ratePerSecond: got "fast", expected number'],
  ["weighted", { turns: [] }, "field turns: got [], expected array to have >=1 items"],
  ["weighted", { turns: [5, 0] }, "field turns.1: got 0, expected number to be >=1"],
  ["weighted", { turns: [5, 1.5] }, "field turns.1: got 1.5, expected int"],
])("policy %s refuses the options %j", (name, options, message) => {
  expect(() => createPolicy(name, view, options)).toThrow(InputError);
  expect(() => createPolicy(name, view, options)).toThrow(message);
});
