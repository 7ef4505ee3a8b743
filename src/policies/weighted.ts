import * as z from "zod";
import type { Policy, PolicyDefinition, PolicyView } from "./policy.ts";
import { tierPolicy } from "./tier-policy.ts";

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
    const cycle: number[] = [];
    for (let tier = 0; tier < view.tierCount; tier++) {
      for (let turn = 0; turn < (turns[tier] ?? 1); turn++) cycle.push(tier);
    }
    let pointer = 0;
    return tierPolicy(view, ({ queues }) => {
      while (queues[cycle[pointer]].size === 0) pointer = (pointer + 1) % cycle.length;
      const tier = cycle[pointer];
      pointer = (pointer + 1) % cycle.length;
      return tier;
    });
  },
};
