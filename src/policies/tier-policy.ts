import type { Policy, PolicyView } from "./policy.ts";
import { TierQueues } from "./tier-queues.ts";

/**
 * A policy that keeps one queue per tier and decides between their heads.
 *
 * @param choose the tier to serve at time `now`, asked only while somebody waits
 */
export function tierPolicy(
  view: PolicyView,
  choose: (tiers: TierQueues, now: number) => number,
): Policy {
  const tiers = new TierQueues(view);
  return {
    get size() {
      return tiers.size;
    },
    push: (request) => tiers.push(request),
    remove: (request) => tiers.remove(request),
    pop: (now) => tiers.size === 0 ? -1 : tiers.popTier(choose(tiers, now)),
  };
}
