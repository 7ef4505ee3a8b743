import { z } from "zod";
import type { Policy, PolicyDefinition, PolicyView } from "./policy.ts";
import { TierQueues } from "./tier-queues.ts";

const Options = z.strictObject({});

/** Priority: the most urgent tier that waits, first in first out within it. No ageing. */
export const priority: PolicyDefinition<typeof Options> = {
  name: "priority",
  title: "Priority",
  options: Options,
  create(view: PolicyView): Policy {
    const tiers = new TierQueues(view);
    return {
      get size() {
        return tiers.size;
      },
      push: (request) => tiers.push(request),
      remove: (request) => tiers.remove(request),
      pop(): number {
        for (let tier = 0; tier < view.tierCount; tier++) {
          if (tiers.queues[tier].size > 0) return tiers.popTier(tier);
        }
        return -1;
      },
    };
  },
  rank: (view) => (request) => view.tier[request],
};
