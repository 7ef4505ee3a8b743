import fc from "fast-check";
import { expect, test } from "vitest";
import { PAPER_POLICIES } from "../../src/paper/policies.ts";
import { emptyView, policyOf } from "./support.ts";
import { type ReferenceConstants, referencePolicy } from "./reference-policies.ts";

const NAMES = PAPER_POLICIES;

interface Step {
  readonly op: "push" | "pop" | "remove" | "again";
  /** Seconds since the step before. */
  readonly dt: number;
  readonly tier: number;
  readonly budget: number;
  readonly pick: number;
}

/** Steps in time: many equal instants, whole multiples of the ageing's tier distance, and noise. */
function steps(maxLength: number): fc.Arbitrary<Step[]> {
  const dt = fc.oneof(
    { weight: 4, arbitrary: fc.constant(0) },
    { weight: 2, arbitrary: fc.constantFrom(0.25, 1, 50, 100, 200) },
    {
      weight: 2,
      arbitrary: fc.constantFrom(0.1, 0.3, 33.3, 99.99999999999999, 100.00000000000001),
    },
    { weight: 2, arbitrary: fc.double({ min: 0, max: 250, noNaN: true }) },
  );
  const op = fc.oneof(
    { weight: 5, arbitrary: fc.constant("push" as const) },
    { weight: 4, arbitrary: fc.constant("pop" as const) },
    { weight: 1, arbitrary: fc.constant("remove" as const) },
    { weight: 1, arbitrary: fc.constant("again" as const) },
  );
  const budget = fc.oneof(fc.nat(3), fc.nat(2000));
  return fc.array(fc.record({ op, dt, tier: fc.nat(), budget, pick: fc.nat() }), {
    maxLength,
    size: "max",
  });
}

/** What both implementations answered, step by step, and then until both are empty. */
function play(
  name: string,
  list: readonly Step[],
  { tierCount, constants }: { tierCount: number; constants: ReferenceConstants },
): { seen: unknown[]; wanted: unknown[] } {
  const view = emptyView(list.length, tierCount);
  const policy = policyOf(name, view, constants);
  const reference = referencePolicy(name, view, constants);
  const seen: unknown[] = [], wanted: unknown[] = [];
  const gone: number[] = [];
  let now = 0, known = 0;
  for (const { op, dt, tier, budget, pick } of list) {
    now += dt;
    if (op === "push") {
      const request = known++;
      view.queuedAt[request] = now;
      view.tier[request] = tier % tierCount;
      view.totalBudget[request] = view.estimate[request] = budget;
      policy.push(request);
      reference.push(request);
    } else if (op === "pop") {
      const request = policy.pop(now);
      seen.push(request);
      wanted.push(reference.pop(now));
      if (request >= 0) gone.push(request);
    } else if (op === "remove") {
      const request = pick % Math.max(known, 1);
      const removed = policy.remove(request);
      seen.push(removed);
      wanted.push(reference.remove(request));
      if (removed) gone.push(request);
    } else if (gone.length > 0) {
      // A request that was handed out and comes back keeps its time of admission.
      const [request] = gone.splice(pick % gone.length, 1);
      policy.push(request);
      reference.push(request);
    }
    seen.push(policy.size);
    wanted.push(reference.size());
  }
  for (let left = reference.size(); left >= 0; left--) {
    seen.push(policy.pop(now), policy.size);
    wanted.push(reference.pop(now), reference.size());
  }
  return { seen, wanted };
}

test.each(NAMES)("%s leaves in exactly the reference's order on random sequences", (name) => {
  fc.assert(
    fc.property(steps(250), fc.integer({ min: 1, max: 5 }), (list, tierCount) => {
      const { seen, wanted } = play(name, list, { tierCount, constants: {} });
      expect(seen).toEqual(wanted);
    }),
    { numRuns: 300 },
  );
});

test("aging agrees with a scan of every score at rates whose ties are exact in binary", () => {
  const rate = fc.constantFrom(0, 1 / 128, 1 / 4, 1, 0.01, 1 / 3, 1e-9, 1e6);
  fc.assert(
    fc.property(steps(150), rate, (list, ratePerSecond) => {
      const { seen, wanted } = play("aging", list, { tierCount: 3, constants: { ratePerSecond } });
      expect(seen).toEqual(wanted);
    }),
    { numRuns: 300 },
  );
});

test("weighted agrees with the reference for any turns, also fewer than there are tiers", () => {
  const turns = fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 1, maxLength: 5 });
  fc.assert(
    fc.property(steps(150), turns, fc.integer({ min: 1, max: 4 }), (list, turns, tierCount) => {
      const { seen, wanted } = play("weighted", list, { tierCount, constants: { turns } });
      expect(seen).toEqual(wanted);
    }),
    { numRuns: 300 },
  );
});

/** Queues one request per entry of `[tier, queuedAt, budget]` and pops them all at `now`. */
function orderOf(
  name: string,
  requests: readonly (readonly [number, number, number])[],
  { now, options }: { now: number; options?: Record<string, unknown> },
): number[] {
  const view = emptyView(requests.length, 3);
  const policy = policyOf(name, view, options);
  requests.forEach(([tier, queuedAt, budget], request) => {
    view.tier[request] = tier;
    view.queuedAt[request] = queuedAt;
    view.totalBudget[request] = view.estimate[request] = budget;
    policy.push(request);
  });
  return requests.map(() => policy.pop(now));
}

test("FIFO takes the earliest arrival whatever its tier and length", () => {
  expect(orderOf("fifo", [[0, 3, 1], [2, 1, 9], [1, 2, 5], [0, 1, 1]], { now: 4 }))
    .toEqual([1, 3, 2, 0]);
});

test("Priority empties premium, then standard, then batch, each first in first out", () => {
  expect(orderOf("priority", [[2, 0, 1], [1, 1, 1], [0, 2, 1], [1, 0.5, 1], [0, 3, 1]], { now: 4 }))
    .toEqual([2, 4, 3, 1, 0]);
});

test("SJF takes the smallest total budget, not the smallest output, ties by arrival", () => {
  expect(orderOf("sjf", [[0, 0, 300], [1, 2, 70], [2, 1, 70], [0, 3, 69]], { now: 4 }))
    .toEqual([3, 2, 1, 0]);
  const view = emptyView(2, 3);
  const policy = policyOf("sjf", view);
  view.estimate.set([10, 20]);
  view.totalBudget.set([500, 30]);
  policy.push(0);
  policy.push(1);
  expect(policy.pop(0)).toBe(1);
});

test("Weighted serves five premium, three standard, two batch and starts over", () => {
  const tiers = Array.from({ length: 60 }, (_, i) => Math.floor(i / 20));
  const order = orderOf("weighted", tiers.map((tier, i) => [tier, i, 1] as const), { now: 99 });
  const served = order.map((request) => tiers[request]).join("");
  // 20 premium last for four cycles, of which 12 standard and 8 batch were served; then 3:2 of the rest.
  expect(served).toBe("0000011122".repeat(4) + "11122".repeat(2) + "11" + "2".repeat(8));
});

test("Weighted skips the turn of an empty tier and goes on after the turn it served", () => {
  const view = emptyView(8, 3);
  view.tier.set([2, 2, 0, 0, 0, 1, 2, 0]);
  const policy = policyOf("weighted", view);
  const push = (...requests: number[]) => requests.forEach((request) => policy.push(request));
  push(0, 1);
  expect([policy.pop(0), policy.pop(0)]).toEqual([0, 1]); // both batch turns, the cycle is over
  push(2, 3, 4, 5, 6);
  expect([policy.pop(0), policy.pop(0), policy.pop(0)]).toEqual([2, 3, 4]);
  expect(policy.pop(0)).toBe(5); // two premium turns left, nobody there: standard
  push(7);
  expect([policy.pop(0), policy.pop(0), policy.pop(0)]).toEqual([6, 7, -1]);
});

test("Aging lets a batch request overtake a premium one that came over 200 s later", () => {
  expect(orderOf("aging", [[2, 0, 1], [0, 199, 1]], { now: 300 })).toEqual([1, 0]);
  expect(orderOf("aging", [[2, 0, 1], [0, 201, 1]], { now: 300 })).toEqual([0, 1]);
});

test("an exact tie of ageing scores goes to the more urgent tier, also when it came last", () => {
  // At 1/128 per second a tier is worth exactly 128 s: all three scores are equal at any instant.
  const tied = [[2, 0, 1], [1, 128, 1], [0, 256, 1]] as const;
  for (const now of [256, 300, 1024.5]) {
    expect(orderOf("aging", tied, { now, options: { ratePerSecond: 1 / 128 } })).toEqual([2, 1, 0]);
  }
});

test("a tie of ageing scores is decided by the rounded scores at the instant of the pop", () => {
  // Ideally equal at every instant; in floating point 1 - 0.01*(now - 100) and 2 - 0.01*now differ.
  const orders = new Set<string>();
  for (let now = 100; now < 400; now++) {
    const order = orderOf("aging", [[1, 0, 1], [0, 100, 1]], { now });
    const standard = 2 - 0.01 * (now - 0), premium = 1 - 0.01 * (now - 100);
    expect(order).toEqual(standard < premium ? [0, 1] : [1, 0]);
    orders.add(order.join());
  }
  expect(orders.size).toBe(2);
});

test.each(NAMES)("%s answers an empty pop with -1 and goes on working", (name) => {
  const view = emptyView(2, 3);
  const policy = policyOf(name, view);
  expect([policy.pop(0), policy.pop(5), policy.size, policy.remove(0)]).toEqual([-1, -1, 0, false]);
  policy.push(1);
  expect([policy.size, policy.pop(6), policy.pop(6), policy.size]).toEqual([1, 1, -1, 0]);
});

test.each(NAMES)(
  "a pop of %s costs far less than a scan of its 20,000 waiting requests",
  (name) => {
    const n = 20_000, scans = 20;
    const view = emptyView(n, 3);
    for (let i = 0; i < n; i++) {
      view.queuedAt[i] = i * 0.01;
      view.tier[i] = i % 3;
      view.totalBudget[i] = (i * 7919) % 1000;
    }
    const clock = (work: () => void) => {
      const before = performance.now();
      work();
      return performance.now() - before;
    };
    const drained = () =>
      clock(() => {
        const policy = policyOf(name, view);
        for (let i = 0; i < n; i++) policy.push(i);
        for (let i = 0; i < n; i++) policy.pop(n);
      });
    const perPop = Math.min(drained(), drained(), drained()) / n;
    const reference = referencePolicy(name, view);
    for (let i = 0; i < n; i++) reference.push(i);
    const perScan = clock(() => {
      for (let i = 0; i < scans; i++) reference.pop(n);
    }) / scans;
    expect(perScan / perPop).toBeGreaterThan(10);
  },
);
