import type { Policy } from "../policies/policy.ts";
import { createPolicy } from "../policies/registry.ts";
import { singleQueue } from "../policies/single-queue.ts";
import type { RecordedRequests } from "./recorded-run.ts";

/** Orders that are a key a request: the recorded `priority` is that key, where it says anything. */
const BY_KEY = ["priority", "sjf"];

/**
 * The queue of a recording's client. Under `priority` and `sjf` the smallest recorded priority goes
 * first, equal ones by arrival, as they were given to the client; where all priorities are equal the
 * tier decides, or prompt and answer together. Other orders go by tier and time. An estimate is the
 * true length: a recording says no other.
 *
 * @param order a policy of ours by name
 */
export function clientQueue(order: string, requests: RecordedRequests): Policy {
  const { arrival, tier, promptTokens, outputTokens, priority } = requests;
  const said = priority.some((value) => value !== priority[0]);
  if (BY_KEY.includes(order) && said) {
    return singleQueue((request) => priority[request], (request) => arrival[request]);
  }
  return createPolicy(order, {
    queuedAt: arrival,
    tier,
    tierCount: tier.reduce((most, each) => Math.max(most, each), 0) + 1,
    estimatedOutput: outputTokens,
    totalBudget: promptTokens.map((prompt, request) => prompt + outputTokens[request]),
  });
}
