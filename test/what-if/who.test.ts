import { expect, test } from "vitest";
import { plainRequests } from "../../src/workload/plain-requests.ts";
import type { Workload } from "../../src/workload/workload.ts";
import { rowsOf, whoOf } from "../../src/what-if/who.ts";

function workload(outputs: readonly number[], tenants?: readonly string[]): Workload {
  const counts = Int32Array.from(outputs);
  const names = [...new Set(tenants ?? ["default"])];
  const requests = {
    ...plainRequests({
      arrival: Float64Array.from(outputs.keys()),
      promptTokens: counts,
      maxTokens: counts,
    }),
    tenant: {
      codes: Uint8Array.from(outputs, (_, i) => names.indexOf(tenants?.[i] ?? names[0])),
      names,
    },
  };
  return {
    name: "test",
    requests,
    truth: { outputTokens: counts },
    provenance: { source: "test" },
  };
}

test("quarters by length of the answer hold every request once", () => {
  const all = workload([5, 1, 9, 40, 3, 100, 7, 2]);
  const quarters = whoOf(all);
  expect(quarters.map(({ kind }) => kind)).toEqual(Array(4).fill("answer length"));
  const rows = quarters.map((each) => [...rowsOf(each, all)]);
  expect(rows.map(({ length }) => length)).toEqual([2, 2, 2, 2]);
  expect(rows.flat().sort((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  expect(rows[0]).toEqual([1, 7]);
});

test("answers that are all as long are no groups, and neither is one tenant", () => {
  expect(whoOf(workload([4, 4, 4, 4]))).toEqual([]);
});

test("the tenants with the most requests are named, the others are together", () => {
  const names = [..."aabbbcdefghijk"].map((each) => `t-${each}`);
  const all = workload(names.map(() => 4), names);
  const who = whoOf(all);
  expect(who.map(({ name }) => name)).toEqual([
    "tenant t-b",
    "tenant t-a",
    ...[..."cdefgh"].map((each) => `tenant t-${each}`),
    "3 other tenants",
  ]);
  expect([...rowsOf(who[0], all)]).toEqual([2, 3, 4]);
  expect([...rowsOf(who[8], all)]).toEqual([11, 12, 13]);
});
