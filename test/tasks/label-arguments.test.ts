import { expect, test } from "vitest";
import { baseTokensOf, withCategories, withTenants } from "../../src/tasks/label-arguments.ts";
import type { Labels, Workload } from "../../src/workload/workload.ts";
import { handWorkload } from "../support/workloads.ts";

const plain = handWorkload({
  arrival: [0, 1, 2, 3],
  promptTokens: [10, 64, 65, 600],
  tier: [0, 1, 2, 0],
  category: [1, 1, 0, 2],
});
const labels = (codes: readonly number[], ...names: string[]): Labels => ({
  codes: Uint8Array.from(codes),
  names,
});
const workload: Workload = {
  ...plain,
  requests: {
    ...plain.requests,
    model: labels([0, 1, 1, 0], "small", "large"),
    extra: { log_type: labels([0, 0, 1, 1], "chat", "api"), size: Int32Array.of(1, 2, 3, 4) },
  },
};
const namesOf = ({ codes, names }: Labels) => Array.from(codes, (code) => names[code]);

test("categories are a field of the trace, the prompt's length or the client", () => {
  const of = (text: string) => namesOf(withCategories(workload, text).requests.category);
  expect(of("model")).toEqual(["small", "large", "large", "small"]);
  expect(of("log_type")).toEqual(["chat", "chat", "api", "api"]);
  expect(of("by-prompt:64,512")).toEqual([
    ...["prompt 0–64", "prompt 0–64", "prompt 65–512", "prompt over 512"],
  ]);
  expect(new Set(of("by-prompt")).size).toBe(4);
  expect(of("by-client")).toEqual(namesOf(workload.requests.tenant));
  expect(withCategories(workload, "tier").provenance)
    .toMatchObject({ steps: ["category of a request: its tier"] });
});

test("tenants are a field, or shares", () => {
  expect(namesOf(withTenants(workload, "model").requests.tenant))
    .toEqual(["small", "large", "large", "small"]);
  const shared = withTenants(workload, "a=0.5,b=0.5");
  expect([...shared.requests.tenant.names]).toEqual(["a", "b"]);
  // The largest client sends half of it: it is one tenant, the others are the other.
  expect(namesOf(shared.requests.tenant)).toEqual(["a", "b", "b", "a"]);
  const one = handWorkload({ arrival: [...Array(200).keys()] });
  const drawn = namesOf(withTenants(one, "a=0.5,b=0.5", 3).requests.tenant);
  expect(drawn.filter((name) => name === "a").length).toBeGreaterThan(60);
  expect(namesOf(withTenants(one, "a=0.5,b=0.5", 3).requests.tenant)).toEqual(drawn);
});

test("the base is a number, numbers by category, or both", () => {
  expect(baseTokensOf("300")).toEqual({ baseTokens: {}, defaultBaseTokens: 300 });
  expect(baseTokensOf("chat=120, code=40")).toEqual({ baseTokens: { chat: 120, code: 40 } });
  expect(baseTokensOf("a=b=1,250")).toEqual({ baseTokens: { "a=b": 1 }, defaultBaseTokens: 250 });
});

test.each<[() => unknown, string]>([
  [
    () => withCategories(workload, "user"),
    '--categories: got "user", expected one of log_type, tenant, tier, category, model',
  ],
  [() => withCategories(workload, "size"), '--categories: got "size"'],
  [() => withCategories(workload, "by-prompt:a"), "whole numbers of tokens"],
  [() => withCategories(workload, "by-prompt:9,3"), "bounds that increase"],
  [() => withCategories(workload, "session"), "which this workload has"],
  [() => withTenants(workload, "customer"), '--tenants: got "customer"'],
  [() => withTenants(workload, "a=0.5,0.5"), "--tenants"],
  [() => withTenants(workload, "a=0.5,a=0.5"), "each name once"],
  [() => baseTokensOf("chat=0"), "numbers above 0"],
  [() => baseTokensOf("chat="), "numbers above 0"],
  [() => baseTokensOf("=5"), "--base-tokens"],
  [() => baseTokensOf("1,2"), "one number alone at most"],
  [() => baseTokensOf("many"), "--base-tokens"],
])("what is no such thing is refused: %#", (act, message) => {
  expect(act).toThrow(message);
});
