import { expect, test } from "vitest";
import { exactSteps } from "../../../src/fidelity/budget/exact-steps.ts";
import { recordedSchedule } from "../../../src/fidelity/budget/recorded-schedule.ts";
import { exponential } from "../../../src/random/exponential.ts";
import { substream, uniformInt } from "../../../src/random/substream.ts";
import { serverOf } from "../../../src/servers/server.ts";
import { simulateRun } from "../support/simulated-log.ts";

/** Conversations behind one of two system prompts, in a hurry. */
function conversations(seed: number) {
  const random = substream(seed, "conversations");
  const size = 120;
  let now = 0;
  const system = Int32Array.from({ length: size }, () => uniformInt(random, 2));
  const own = Int32Array.from({ length: size }, () => 10 + uniformInt(random, 150));
  return {
    size,
    arrival: Float64Array.from({ length: size }, () => now += exponential(random) / 6),
    promptTokens: own.map((tokens, row) => tokens + (system[row] === 0 ? 96 : 160)),
    outputTokens: Int32Array.from({ length: size }, () => 1 + uniformInt(random, 120)),
    priority: Int32Array.from({ length: size }, () => uniformInt(random, 3)),
    tier: new Uint8Array(size),
    content: {
      offsets: Int32Array.from({ length: size + 1 }, (_, i) => i),
      text: system,
      tokens: system.map((which) => which === 0 ? 96 : 160),
    },
  };
}

// Of each kind of server: the log and the requests give back what was computed, step by step.
test.each([
  { scheduling_policy: "fcfs", num_gpu_blocks: 600, enable_prefix_caching: true },
  { scheduling_policy: "fcfs", num_gpu_blocks: 66, enable_prefix_caching: false },
  { scheduling_policy: "fcfs", num_gpu_blocks: 66, enable_prefix_caching: true },
  { scheduling_policy: "priority", num_gpu_blocks: 600, enable_prefix_caching: true },
  { scheduling_policy: "priority", num_gpu_blocks: 66, enable_prefix_caching: true },
])("%j: the load of every iteration is what the server computed", (flags) => {
  const server = serverOf({
    config: { ...flags, max_num_seqs: 12, max_model_len: 1024, async_scheduling: false },
  });
  const run = simulateRun(conversations(3), server, server.cost);
  expect(run.preemptions > 0).toBe(flags.num_gpu_blocks === 66);
  const schedule = recordedSchedule(run.requests, run.steps, server.config);
  if (typeof schedule === "string") throw new Error(schedule);
  expect(schedule.preemptions).toBe(run.preemptions);
  const { decoding, context, prefilling, prefillTokens } = exactSteps(
    run.steps,
    run.requests,
    server.config,
  );
  expect({ decoding, context, prefilling, prefillTokens }).toEqual({
    decoding: run.truth.decoding,
    context: run.truth.context,
    prefilling: run.truth.prefilling,
    prefillTokens: run.truth.prefillTokens,
  });
});
