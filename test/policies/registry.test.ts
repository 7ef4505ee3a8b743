import { expect, test } from "vitest";
import { InputError } from "../../src/errors/input-error.ts";
import { PAPER_POLICIES } from "../../src/paper/policies.ts";
import { fifo } from "../../src/policies/fifo.ts";
import { choosePolicy, createRank, POLICIES } from "../../src/policies/registry.ts";
import { emptyView, policyOf } from "./support.ts";

const view = emptyView(1, 3);

test("the five policies of the paper are there, in the order of its tables, each named once", () => {
  const paper: readonly string[] = PAPER_POLICIES;
  expect(POLICIES.names.filter((name) => paper.includes(name))).toEqual([
    "fifo",
    "priority",
    "weighted",
    "sjf",
    "aging",
  ]);
  expect(new Set(POLICIES.names).size).toBe(POLICIES.names.length);
  expect(new Set(POLICIES.all.map(({ name, title = name }) => title)).size)
    .toBe(POLICIES.names.length);
  for (const policy of POLICIES.all) expect(POLICIES.named(policy.name)).toBe(policy);
});

test("where no policy is named it is FIFO", () => {
  expect(choosePolicy(undefined).definition).toBe(fifo);
});

test("an unknown policy is refused with the names that are known", () => {
  expect(() => choosePolicy("lifo")).toThrow(InputError);
  expect(() => choosePolicy("lifo")).toThrow(
    `field policy: got "lifo", expected one of ${POLICIES.names.join(", ")}`,
  );
  expect(POLICIES.names.slice(0, 5).join(", ")).toBe("fifo, priority, weighted, sjf, aging");
});

test("a policy without an order that a server could be told is refused with those that have one", () => {
  const rank = () => createRank(choosePolicy("weighted"), view);
  expect(rank).toThrow(InputError);
  expect(rank).toThrow(
    'field policy: got "weighted", expected a policy whose order can be passed',
  );
  expect(rank).toThrow(/priority: (?!.*weighted).*fifo.*sjf/);
});

test.each<[string, object, string]>([
  ["fifo", { rate: 1 }, "options of policy fifo, field rate: got 1, expected a known name"],
  ["sjf", { rate: 1 }, "options of policy sjf, field rate: got 1"],
  ["priority", { rate: 1 }, "options of policy priority, field rate: got 1"],
  ["aging", { ratePerSecond: -1 }, "field ratePerSecond: got -1, expected number to be >=0"],
  ["aging", { ratePerSecond: "fast" }, 'field ratePerSecond: got "fast", expected number'],
  ["weighted", { turns: [] }, "field turns: got [], expected array to have >=1 items"],
  ["weighted", { turns: [5, 0] }, "field turns.1: got 0, expected number to be >=1"],
  ["weighted", { turns: [5, 1.5] }, "field turns.1: got 1.5, expected int"],
])("policy %s refuses the options %j", (name, options, message) => {
  expect(() => policyOf(name, view, options)).toThrow(InputError);
  expect(() => policyOf(name, view, options)).toThrow(message);
});
