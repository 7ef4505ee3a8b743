import fc from "fast-check";
import { expect, test } from "vitest";
import { ServerFields } from "../../../src/servers/continuous/config.ts";
import { OPEN } from "../../../src/servers/continuous/request-state.ts";
import { replayInBoth, serveInBoth } from "./support/both-engines.ts";
import { randomServer } from "./support/random-server.ts";

test("skipping decides and times as stepwise does, on any server and workload", () => {
  const seen = { preempted: 0, async: 0, priority: 0, skipped: 0, cached: 0 };
  fc.assert(
    fc.property(randomServer, (server) => {
      const { config } = server;
      const { skipping: { served, planned } } = serveInBoth(server);
      seen.cached += served.cachedTokens.some((tokens) => tokens > 0) ? 1 : 0;
      seen.preempted += served.preemptions.some((count) => count > 0) ? 1 : 0;
      seen.async += config.async_scheduling ? 1 : 0;
      seen.priority += config.scheduling_policy === "priority" ? 1 : 0;
      seen.skipped += served.steps > 2 * planned ? 1 : 0;
      expect(served.state).not.toContain(OPEN);
    }),
    { numRuns: 2500 },
  );
  // The generator must reach what the test is about.
  expect(seen.preempted).toBeGreaterThan(300);
  expect(seen.skipped).toBeGreaterThan(500);
  expect(seen.cached).toBeGreaterThan(500);
  expect(Math.min(seen.async, seen.priority)).toBeGreaterThan(800);
}, 600_000);

test(
  "skipping decides as stepwise does among equal arrivals, evicting for ever where it does",
  () => {
    let endless = 0;
    fc.assert(
      fc.property(randomServer, ({ config, workload }) => {
        const { arrival, promptTokens, outputTokens, priority, content } = workload;
        const scenario = {
          id: "random",
          vllm: "",
          config: ServerFields.parse(config),
          arrivalStep: Int32Array.from(arrival, (seconds) => Math.floor(20 * seconds)),
          promptTokens,
          outputTokens,
          content,
          priority: priority!,
          steps: [],
        };
        if (!replayInBoth(scenario)) endless++;
      }),
      { numRuns: 600 },
    );
    // Equal priority and arrival, prompts in chunks, no reserve: vLLM's own scheduler does it too.
    expect(endless).toBeLessThan(30);
  },
  600_000,
);
