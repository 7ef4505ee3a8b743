import { z } from "zod";
import type { Policy, PolicyDefinition, PolicyView } from "./policy.ts";
import { TierQueues } from "./tier-queues.ts";

const Options = z.strictObject({
  /** Tier ranks gained per second of waiting. */
  ratePerSecond: z.number().min(0).default(0.01),
});

/** Steps per tier rank where the score is told to a server as an integer: 10 ms of waiting. */
const RANK_STEPS = 10_000;

/**
 * Aging priority: the smallest of tier rank (1, 2, 3) − 0.01 × seconds waited; ties go to the tier
 * examined first, the most urgent. The reference scans every waiting request; within a tier the one
 * that waited longest always has the smallest score, so the heads of the tiers are enough. The
 * score is computed as the reference does, at the moment of the pop, so that rounding ties agree.
 */
export const agingPriority: PolicyDefinition<typeof Options> = {
  name: "aging",
  title: "Aging priority",
  options: Options,
  create(view: PolicyView, { ratePerSecond }): Policy {
    const tiers = new TierQueues(view);
    return {
      get size() {
        return tiers.size;
      },
      push: (request) => tiers.push(request),
      remove: (request) => tiers.remove(request),
      pop(now: number): number {
        let best = -1;
        let bestScore = Infinity;
        for (let tier = 0; tier < view.tierCount; tier++) {
          const queue = tiers.queues[tier];
          if (queue.size === 0) continue;
          const score = tier + 1 - ratePerSecond * (now - queue.headKey);
          if (score < bestScore) {
            best = tier;
            bestScore = score;
          }
        }
        return best < 0 ? -1 : tiers.popTier(best);
      },
    };
  },
  // Every score falls at one rate, so their order is that of tier rank + rate × arrival.
  rank: (view, { ratePerSecond }) => (request) =>
    Math.round(RANK_STEPS * (view.tier[request] + 1 + ratePerSecond * view.queuedAt[request])),
};
