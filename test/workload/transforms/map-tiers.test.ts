import { expect, test } from "vitest";
import { loadArenaTrace } from "../../../src/files/load-arena.ts";
import { mapTiers, type MapTiersOptions } from "../../../src/workload/transforms/map-tiers.ts";
import type { Workload } from "../../../src/workload/workload.ts";
import { smallWorkload } from "./support/small-workload.ts";

function requestsPerTier({ requests: { tier } }: Workload): number[] {
  return tier.names.map((_, code) => tier.codes.filter((other) => other === code).length);
}

/** Tier of each tenant, by name of tenant; fails where one tenant is in two tiers. */
function tierOfTenant({ requests: { tenant, tier } }: Workload): Record<string, string> {
  const tiers = new Map<number, number>();
  const split = tenant.codes.findIndex((code, i) => {
    if (!tiers.has(code)) tiers.set(code, tier.codes[i]);
    return tiers.get(code) !== tier.codes[i];
  });
  expect(split, "a row whose tenant has another tier elsewhere").toBe(-1);
  return Object.fromEntries(
    Array.from(tiers, ([code, tierCode]) => [tenant.names[code], tier.names[tierCode]]),
  );
}

test("tenants are dealt round robin in the order of their requests, ties by dictionary", () => {
  // b has 3 requests, c 2, a and d one each.
  expect(tierOfTenant(mapTiers(smallWorkload()))).toEqual({
    b: "premium",
    c: "standard",
    a: "batch",
    d: "premium",
  });
});

test("snake deals every second round backwards", () => {
  expect(tierOfTenant(mapTiers(smallWorkload(), { rule: "snake" })).d).toBe("batch");
});

test("the arena's tiers have the loads that the documentation states", async () => {
  const { workload } = await loadArenaTrace();
  expect(requestsPerTier(mapTiers(workload))).toEqual([601, 491, 408]);
  expect(requestsPerTier(mapTiers(workload, { rule: "snake" }))).toEqual([531, 491, 478]);
  for (const rule of ["dealt", "snake", "random"] as const) {
    const tiers = Object.values(tierOfTenant(mapTiers(workload, { rule })));
    const sizes = ["premium", "standard", "batch"]
      .map((tier) => tiers.filter((other) => other === tier).length);
    expect(sizes, rule).toEqual([9, 9, 9]);
  }
});

test("a seed names one random assignment, and every tenant gets every tier", async () => {
  const { workload } = await loadArenaTrace();
  const assign = (seed: number) => tierOfTenant(mapTiers(workload, { rule: "random", seed }));
  expect(assign(7)).toEqual(assign(7));
  const seen = new Map<string, number>();
  for (let seed = 0; seed < 300; seed++) {
    for (const [tenant, tier] of Object.entries(assign(seed))) {
      const key = `${tenant} ${tier}`;
      seen.set(key, (seen.get(key) ?? 0) + 1);
    }
  }
  expect(seen.size).toBe(27 * 3);
  // 300 draws at 1/3: mean 100, sd 8.2. Five sd among 81 pairs.
  for (const [pair, times] of seen) expect(Math.abs(times - 100), pair).toBeLessThan(41);
});

test("rules that draw nothing ignore the seed", async () => {
  const { workload } = await loadArenaTrace();
  expect(mapTiers(workload, { seed: 1 })).toEqual(mapTiers(workload, { seed: 2 }));
});

test("the rule is in the provenance, and nothing but tiers changes", () => {
  const before = smallWorkload();
  const after = mapTiers(before, { rule: "random", seed: 5 });
  expect(after.provenance.steps).toEqual(["made", "tiers assigned to tenants: random, seed 5"]);
  expect(before.provenance.steps).toEqual(["made"]);
  expect(before.requests.tier.names).toEqual(["default"]);
  expect(after.truth).toBe(before.truth);
  expect({ ...after.requests, tier: 0, promptText: 0 })
    .toEqual({ ...before.requests, tier: 0, promptText: 0 });
});

test("an unknown rule is refused by name", () => {
  expect(() => mapTiers(smallWorkload(), { rule: "fair" } as unknown as MapTiersOptions)).toThrow(
    'mapTiers options, field rule: got "fair"',
  );
});
