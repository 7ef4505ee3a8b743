import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ServerFields } from "../../../src/servers/continuous/config.ts";
import { COMPLETED } from "../../../src/servers/continuous/request-state.ts";
import { replayInBoth, serveInBoth } from "../continuous/support/both-engines.ts";
import { randomServer } from "../continuous/support/random-server.ts";
import {
  fewestUncached,
  leastAttained,
  leastAttainedAhead,
  shortestPrompt,
  shortestRemainingCap,
  THROWAWAY_POLICIES,
  turns,
} from "./support/throwaway-policies.ts";

/** At least so many of the 150 servers must preempt, and skip half of their steps. */
const SEEN = new Map([
  [leastAttained, { preempted: 45, skipped: 25 }],
  [leastAttainedAhead, { preempted: 45, skipped: 35 }],
  [shortestRemainingCap, { preempted: 45, skipped: 35 }],
  [shortestPrompt, { preempted: 20, skipped: 35 }],
  [turns, { preempted: 20, skipped: 15 }],
  [fewestUncached, { preempted: 20, skipped: 25 }],
]);

describe.each(THROWAWAY_POLICIES)("a policy of one's own, $name", (policy) => {
  test("is decided and timed alike in both engines, and every request ends", () => {
    const seen = { preempted: 0, skipped: 0 };
    fc.assert(
      fc.property(randomServer, (server) => {
        const { skipping: { served, planned } } = serveInBoth(server, {
          ...server.config,
          scheduling_policy: policy,
        });
        seen.preempted += served.preemptions.some((count) => count > 0) ? 1 : 0;
        seen.skipped += served.steps > 2 * planned ? 1 : 0;
        expect(served.state.every((state) => state === COMPLETED)).toBe(true);
      }),
      { numRuns: 150 },
    );
    const { preempted, skipped } = SEEN.get(policy)!;
    expect(seen.preempted).toBeGreaterThanOrEqual(preempted);
    expect(seen.skipped).toBeGreaterThanOrEqual(skipped);
  }, 600_000);

  test("is decided alike among requests that come at once", () => {
    let ended = 0;
    fc.assert(
      fc.property(randomServer, ({ config, workload }) => {
        const { arrival, promptTokens, outputTokens, maxTokens, priority } = workload;
        const scenario = {
          id: "random",
          vllm: "",
          config: ServerFields.parse({ ...config, scheduling_policy: policy }),
          arrivalStep: Int32Array.from(arrival, (seconds) => Math.floor(20 * seconds)),
          promptTokens,
          outputTokens,
          maxTokens,
          priority: priority!,
          steps: [],
        };
        if (replayInBoth(scenario)) ended++;
      }),
      { numRuns: 100 },
    );
    expect(ended).toBeGreaterThan(90);
  }, 300_000);
});
