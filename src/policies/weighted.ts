import { z } from "zod";
import type { Policy, PolicyDefinition, PolicyView } from "./policy.ts";
import { TierQueues } from "./tier-queues.ts";

const Options = z.strictObject({
  /** Turns per cycle for each tier, most urgent first. Tiers past the list get one turn. */
  turns: z.array(z.int().min(1)).min(1).default([5, 3, 2]),
});

/**
 * Weighted: a cycle of turns (five premium, three standard, two batch) with a pointer that moves
 * past the served turn; the turn of an empty tier is skipped, so the server never waits for it.
 */
export const weighted: PolicyDefinition<typeof Options> = {
  name: "weighted",
  title: "Weighted",
  options: Options,
  create(view: PolicyView, { turns }): Policy {
    const tiers = new TierQueues(view);
    const cycle: number[] = [];
    for (let tier = 0; tier < view.tierCount; tier++) {
      for (let turn = 0; turn < (turns[tier] ?? 1); turn++) cycle.push(tier);
    }
    let pointer = 0;
    return {
      get size() {
        return tiers.size;
      },
      push: (request) => tiers.push(request),
      remove: (request) => tiers.remove(request),
      pop(): number {
        for (let step = 0; step < cycle.length; step++) {
          const turn = (pointer + step) % cycle.length;
          if (tiers.queues[cycle[turn]].size === 0) continue;
          pointer = (turn + 1) % cycle.length;
          return tiers.popTier(cycle[turn]);
        }
        return -1;
      },
    };
  },
};
