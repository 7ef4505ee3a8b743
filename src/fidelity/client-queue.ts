import type { PolicyDefinition } from "../policies/policy.ts";
import { POLICIES } from "../policies/registry.ts";
import { priority as byTier } from "../policies/priority.ts";
import { singleQueue } from "../policies/single-queue.ts";
import { sjf } from "../policies/sjf.ts";
import type { RecordedRequests } from "./recorded-run.ts";

/** Orders that are a key a request: the recorded `priority` is that key, where it says anything. */
const BY_KEY: readonly string[] = [byTier.name, sjf.name];

/**
 * The policy of a recording's client. Under `priority` and `sjf` the smallest recorded priority goes
 * first, equal ones by arrival, as they were given to the client; where all priorities are equal the
 * tier decides, or prompt and answer together. Other orders go by tier and time.
 *
 * @param order a policy of ours by name
 */
export function clientPolicy(
  order: string,
  { priority }: Pick<RecordedRequests, "priority">,
): PolicyDefinition {
  const said = priority.some((value) => value !== priority[0]);
  if (!BY_KEY.includes(order) || !said) return POLICIES.named(order, "recording", "client.order");
  return {
    name: order,
    create: ({ queuedAt }) =>
      singleQueue((request) => priority[request], (request) => queuedAt[request]),
  };
}
