import * as z from "zod";
import { FcfsQueue } from "./fcfs-queue.ts";
import type { ServerPolicyDefinition } from "./server-policy.ts";

const Options = z.strictObject({});

/**
 * First come, first served, vLLM's default: requests are admitted in order of arrival, preempted
 * ones before all others, the last preempted first. When blocks run out, the sequence admitted last
 * is preempted. Source: vLLM reference §5.1, §5.2 A6, §5.5. A long prompt at the head makes
 * everybody behind it wait.
 */
export const fcfs: ServerPolicyDefinition<typeof Options> = {
  name: "fcfs",
  title: "FCFS",
  options: Options,
  create: () => ({
    queue: () => new FcfsQueue(),
    victim: (running) => running.size - 1,
    victimIsLast: true,
    stableSteps: () => Infinity,
  }),
};
