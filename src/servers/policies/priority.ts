import * as z from "zod";
import { OrderedQueue } from "./ordered-queue.ts";
import type { RequestSequence, ServerPolicyDefinition, ServerView } from "./server-policy.ts";

const Options = z.strictObject({});

/** The largest (priority, arrival); among equals the one admitted first. */
function leastUrgent({ items, size }: RequestSequence, view: ServerView): number {
  const { priority, arrivalRank } = view;
  let worst = 0;
  for (let place = 1; place < size; place++) {
    const request = items[place], other = items[worst];
    if (
      priority[request] > priority[other] ||
      (priority[request] === priority[other] && arrivalRank[request] > arrivalRank[other])
    ) worst = place;
  }
  return worst;
}

/**
 * vLLM's `priority`: the lower number is admitted first, among equals the earlier arrival, preempted
 * requests by the same rule. When blocks run out, the least urgent running sequence is preempted.
 * Source: vLLM reference §5.1, §5.2 A6, §5.6. A waiting request never displaces a running one,
 * however urgent it is, and there is no ageing: a low priority can starve.
 */
export const priority: ServerPolicyDefinition<typeof Options> = {
  name: "priority",
  title: "Priority",
  options: Options,
  create: () => ({
    queue: (view) => new OrderedQueue((request) => view.priority[request]),
    victim: leastUrgent,
    stableSteps: () => Infinity,
  }),
};
