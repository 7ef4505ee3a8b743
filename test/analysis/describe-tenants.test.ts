import { expect, test } from "vitest";
import { describeTenants } from "../../src/analysis/describe-tenants.ts";
import { handWorkload } from "../support/workloads.ts";

/** Six requests of the tenants b (4), a and c (one each); nobody is of "gone". */
function workload() {
  const { requests, truth, ...rest } = handWorkload({
    arrival: [0, 1, 2, 3, 4, 5],
    promptTokens: [10, 20, 30, 40, 5, 7],
    outputTokens: [1, 2, 3, 10, 6, 8],
  });
  const tenant = { codes: Uint8Array.of(1, 1, 1, 1, 3, 0), names: ["c", "b", "gone", "a"] };
  return { ...rest, truth, requests: { ...requests, tenant } };
}

test("tenants by size, equal ones by name, with their share and lengths", () => {
  const rows = describeTenants(workload()).objects() as Record<string, unknown>[];
  expect(rows.map(({ tenant, requests }) => [tenant, requests]))
    .toEqual([["b", 4], ["a", 1], ["c", 1], ["gone", 0]]);
  expect(rows[0]).toEqual({
    ...{ tenant: "b", requests: 4, share: 4 / 6, prompt_mean: 25, output_mean: 4 },
    // Of 1, 2, 3, 10: half way between 2 and 3; 0.97 of the way from 3 to 10.
    ...{ output_p50: 2.5, output_p99: expect.closeTo(9.79, 12) },
  });
  expect(rows[1]).toMatchObject({ prompt_mean: 5, output_mean: 6, output_p50: 6, output_p99: 6 });
});

test("a tenant that sent nothing has a share of 0 and no lengths", () => {
  expect(describeTenants(workload()).objects().at(-1)).toEqual({
    ...{ tenant: "gone", requests: 0, share: 0 },
    ...{ prompt_mean: NaN, output_mean: NaN, output_p50: NaN, output_p99: NaN },
  });
});
