import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { PolicyView } from "../../src/policies/policy.ts";
import { choosePolicy, createPolicy, createRank, POLICIES } from "../../src/policies/registry.ts";
import { emptyView } from "./support.ts";

const NAMES = POLICIES.names;
const TIERS = 3;

const column = fc.record({
  gap: fc.constantFrom(0, 0.5, 7, 150),
  tier: fc.nat(TIERS - 1),
  tenant: fc.nat(3),
  category: fc.nat(3),
  prompt: fc.integer({ min: 1, max: 300 }),
  estimate: fc.nat(500),
});
type Column = typeof column extends fc.Arbitrary<infer T> ? T : never;
const columns = fc.array(column, { minLength: 1, maxLength: 40 });

/** Columns of requests that were admitted in row order; `rows`: which row each is. */
function viewOf(list: readonly Column[], rows = list.map((_, i) => i)) {
  const view = emptyView(list.length, TIERS);
  let now = 0;
  list.forEach(({ gap, tier, tenant, category, prompt, estimate }, i) => {
    const row = rows[i];
    view.queuedAt[row] = now += gap;
    view.tier[row] = tier;
    view.tenant[row] = tenant;
    view.category[row] = category;
    view.promptTokens[row] = prompt;
    view.estimate[row] = estimate;
    view.totalBudget[row] = prompt + estimate;
  });
  return { view, now };
}

const made = (name: string, view: PolicyView) => createPolicy(choosePolicy(name), view);

describe.each(NAMES)("%s", (name) => {
  test("gives back each request that was put in, once, and then -1", () => {
    fc.assert(fc.property(columns, fc.array(fc.boolean()), (list, pops) => {
      const { view, now } = viewOf(list);
      const policy = made(name, view);
      const out: number[] = [];
      list.forEach((_, row) => {
        policy.push(row);
        if (pops[row]) out.push(policy.pop(now));
        expect(policy.size).toBe(row + 1 - out.length);
      });
      while (policy.size > 0) out.push(policy.pop(now));
      expect(out.sort((a, b) => a - b)).toEqual(list.map((_, row) => row));
      expect([policy.pop(now), policy.size]).toEqual([-1, 0]);
    }));
  });

  test("takes out of turn who waits, and nobody else", () => {
    fc.assert(fc.property(columns, fc.infiniteStream(fc.boolean()), (list, gone) => {
      const { view, now } = viewOf(list);
      const policy = made(name, view);
      list.forEach((_, row) => policy.push(row));
      const removed = list.map((_, row) => row).filter(() => gone.next().value);
      for (const row of removed) {
        expect(policy.remove(row)).toBe(true);
        expect(policy.remove(row)).toBe(false);
      }
      const left = Array.from({ length: policy.size }, () => policy.pop(now));
      expect([...left, ...removed].sort((a, b) => a - b)).toEqual(list.map((_, row) => row));
      expect(policy.remove(0)).toBe(false);
    }));
  });

  test("goes by what requests are, not by their row numbers", () => {
    const shuffled = columns.chain((list) =>
      fc.tuple(
        fc.constant(list),
        fc.shuffledSubarray(list.map((_, i) => i), { minLength: list.length }),
      )
    );
    fc.assert(fc.property(shuffled, ([list, rows]) => {
      const plain = viewOf(list), other = viewOf(list, rows);
      const a = made(name, plain.view), b = made(name, other.view);
      list.forEach((_, i) => {
        a.push(i);
        b.push(rows[i]);
      });
      const order = list.map(() => a.pop(plain.now));
      expect(list.map(() => b.pop(plain.now))).toEqual(order.map((i) => rows[i]));
    }));
  });

  test("reads nothing but the columns of its view, and writes to none", () => {
    fc.assert(fc.property(columns, (list) => {
      const { view, now } = viewOf(list);
      const before = structuredClone(view);
      const known = Object.keys(view);
      const guarded = new Proxy(view, {
        get(target, key) {
          if (!known.includes(String(key)) && key !== "deadline") {
            throw new Error(`${String(key)} is none of its business`);
          }
          return Reflect.get(target, key);
        },
      });
      const policy = made(name, guarded);
      list.forEach((_, row) => policy.push(row));
      list.forEach(() => policy.pop(now));
      expect(view).toEqual(before);
    }));
  });

  test("has a rank that is a whole number, where it has one, and it sorts as the policy pops", () => {
    const { definition } = choosePolicy(name);
    if (definition.rank === undefined) {
      expect(() => createRank(choosePolicy(name), emptyView(1, TIERS))).toThrow(name);
      return;
    }
    fc.assert(fc.property(columns, (list) => {
      const { view, now } = viewOf(list);
      view.totalBudget.forEach((budget, row) => view.totalBudget[row] = budget + 0.25);
      const rank = createRank(choosePolicy(name), view);
      const ranks = list.map((_, row) => rank(row));
      for (const value of ranks) expect(value | 0).toBe(value);
      const policy = made(name, view);
      list.forEach((_, row) => policy.push(row));
      const popped = list.map(() => ranks[policy.pop(now)]);
      expect(popped).toEqual(popped.toSorted((a, b) => a - b));
    }));
  });
});
