import type { PolicyView } from "../../src/policies/policy.ts";

/** A policy as the tests' own, naive implementation sees it. */
export interface ReferencePolicy {
  push(request: number): void;
  pop(now: number): number;
  remove(request: number): boolean;
  size(): number;
}

/** Numbers that the reference system fixes and the registry's options may change. */
export interface ReferenceConstants {
  readonly turns?: readonly number[];
  readonly ratePerSecond?: number;
}

/** Place of the first element with the smallest score; -1 for no elements. */
function firstSmallest(queue: readonly number[], score: (request: number) => number): number {
  let best = -1;
  for (let i = 0; i < queue.length; i++) {
    if (best < 0 || score(queue[i]) < score(queue[best])) best = i;
  }
  return best;
}

/**
 * The five policies straight from the driftsched reference, with nothing clever: one array per tier
 * in order of entry, and every pop scans all that wait and computes the score of each.
 */
export function referencePolicy(
  name: string,
  view: Pick<PolicyView, "queuedAt" | "tier" | "tierCount" | "totalBudget">,
  { turns = [5, 3, 2], ratePerSecond = 0.01 }: ReferenceConstants = {},
): ReferencePolicy {
  const tiers: number[][] = Array.from({ length: view.tierCount }, () => []);
  const entered = new Map<number, number>();
  let entries = 0;
  let pointer = 0;
  const cycle = tiers.flatMap((_, tier) => Array<number>(turns[tier] ?? 1).fill(tier));

  const everybody = () => tiers.flat().sort((a, b) => entered.get(a)! - entered.get(b)!);
  const arrival = (request: number) => view.queuedAt[request];
  const take = (request: number) => {
    const queue = tiers[view.tier[request]];
    queue.splice(queue.indexOf(request), 1);
    return request;
  };
  const takeFirstOf = (tier: number) => take(tiers[tier][firstSmallest(tiers[tier], arrival)]);

  const pops: Record<string, (now: number) => number> = {
    fifo() {
      const all = everybody();
      return take(all[firstSmallest(all, arrival)]);
    },
    priority() {
      return takeFirstOf(tiers.findIndex((queue) => queue.length > 0));
    },
    weighted() {
      while (tiers[cycle[pointer]].length === 0) pointer = (pointer + 1) % cycle.length;
      const tier = cycle[pointer];
      pointer = (pointer + 1) % cycle.length;
      return takeFirstOf(tier);
    },
    sjf() {
      const all = everybody();
      const least = Math.min(...all.map((request) => view.totalBudget[request]));
      const shortest = all.filter((request) => view.totalBudget[request] === least);
      return take(shortest[firstSmallest(shortest, arrival)]);
    },
    aging(now) {
      let best = -1;
      let bestScore = Infinity;
      tiers.forEach((queue, tier) => {
        const rank = tier + 1;
        const inOrderOfArrival = [...queue].sort((a, b) => arrival(a) - arrival(b));
        for (const request of inOrderOfArrival) {
          const waited = now - arrival(request);
          const score = rank - ratePerSecond * waited;
          if (score < bestScore) {
            best = request;
            bestScore = score;
          }
        }
      });
      return take(best);
    },
  };

  const size = () => tiers.reduce((sum, queue) => sum + queue.length, 0);
  return {
    size,
    push(request) {
      entered.set(request, entries++);
      tiers[view.tier[request]].push(request);
    },
    pop: (now) => (size() === 0 ? -1 : pops[name](now)),
    remove(request) {
      if (!tiers[view.tier[request]].includes(request)) return false;
      take(request);
      return true;
    },
  };
}
