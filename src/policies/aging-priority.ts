import * as z from "zod";
import type { PolicyDefinition } from "./policy.ts";
import { tierPolicy } from "./tier-policy.ts";

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
  create: (view, { ratePerSecond }) =>
    tierPolicy(view, ({ queues }, now) => {
      let best = -1;
      let bestScore = Infinity;
      queues.forEach((queue, tier) => {
        const score = tier + 1 - ratePerSecond * (now - queue.headKey);
        if (queue.size === 0 || score >= bestScore) return;
        best = tier;
        bestScore = score;
      });
      return best;
    }),
  // Every score falls at one rate, so their order is that of tier rank + rate × arrival.
  rank: (view, { ratePerSecond }) => (request) =>
    Math.round(RANK_STEPS * (view.tier[request] + 1 + ratePerSecond * view.queuedAt[request])),
};
