import { choosePolicy, createPolicy, POLICIES } from "../policies/registry.ts";
import type { PolicyView } from "../policies/policy.ts";
import { substream, uniformInt } from "../random/substream.ts";
import type { Benchmark, BenchmarkCase } from "./benchmark.ts";

const TIERS = 3;
/** As many as the paper's queue holds at most, times ten: what a scan still survives. */
const SCANNED = 20_000;

/** Requests that arrive 1 ms apart, with as many different budgets as short prompts have. */
function queueView(size: number): PolicyView {
  const random = substream(1, "bench/policy-pops");
  const estimate = Float64Array.from({ length: size }, () => 1 + uniformInt(random, 768));
  const same = new Uint8Array(size);
  return {
    size,
    queuedAt: Float64Array.from({ length: size }, (_, row) => row / 1000),
    tier: Uint8Array.from({ length: size }, () => uniformInt(random, TIERS)),
    tierCount: TIERS,
    ...{ tenant: same, tenantCount: 1, category: same, categoryCount: 1 },
    promptTokens: new Int32Array(size).fill(40),
    maxTokens: new Int32Array(size).fill(768),
    estimate,
    totalBudget: estimate.map((tokens) => tokens + 20 + uniformInt(random, 40)),
    attained: new Int32Array(size),
  };
}

/** Queues every request of the view, then takes them all out. Returns what depends on the order. */
function fillAndDrain(policy: string, view: PolicyView): number {
  const queue = createPolicy(choosePolicy(policy), view);
  const size = view.queuedAt.length;
  for (let row = 0; row < size; row++) queue.push(row);
  let order = 0;
  for (let turn = 0; turn < size; turn++) {
    order = (Math.imul(order, 31) + queue.pop((size + turn) / 1000)) | 0;
  }
  return order;
}

/** The same with SJF as the reference finds its next: by looking at everyone who waits. */
function fillAndScan({ totalBudget, queuedAt }: PolicyView): number {
  const waiting = Array.from(queuedAt.keys());
  let order = 0;
  while (waiting.length > 0) {
    let best = 0;
    for (let at = 1; at < waiting.length; at++) {
      const difference = totalBudget[waiting[at]] - totalBudget[waiting[best]];
      if (difference < 0 || difference === 0 && queuedAt[waiting[at]] < queuedAt[waiting[best]]) {
        best = at;
      }
    }
    order = (Math.imul(order, 31) + waiting[best]) | 0;
    waiting.splice(best, 1);
  }
  return order;
}

/** Pushes and pops of every policy, the whole queue standing in between. */
export const policyPops: Benchmark = {
  name: "policy-pops",
  description: "1 M pushes, then 1 M pops, of each policy (queue of 1 M in between)",
  barMs: 1500,
  prepare({ smoke }) {
    const size = smoke ? 1000 : 1_000_000;
    const scanned = smoke ? 100 : SCANNED;
    const view = queueView(size);
    const short = queueView(scanned);
    if (fillAndScan(short) !== fillAndDrain("sjf", short)) {
      throw new Error("Cannot compare heap and scan: they disagree on the order");
    }
    const cases = POLICIES.all.map(({ name }): BenchmarkCase => ({
      name: `policy-pops/${name}`,
      units: 2 * size,
      run: () => fillAndDrain(name, view),
    }));
    const comparison = { units: 2 * scanned, comparison: true };
    return {
      cases: [
        ...cases,
        { name: "policy-pops/sjf-20k", run: () => fillAndDrain("sjf", short), ...comparison },
        { name: "policy-pops/sjf-20k-scan", run: () => fillAndScan(short), ...comparison },
      ],
    };
  },
};
