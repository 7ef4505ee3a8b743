import { z } from "zod";
import { DispatchRule } from "../gateway/dispatch-rule.ts";
import { MicroBatchOptions } from "../simulation/micro-batch.ts";
import { SchedulerOptions } from "../gateway/options.ts";

const Seconds = z.number().min(0);

/**
 * How the gateway hands requests to real servers: a {@link DispatchRule}, its window counted for each
 * server, or the paper's `micro-batch`: each server has a worker that gathers a batch, hands it over
 * at once, and waits for the whole of it.
 */
export const LiveDispatch = z.discriminatedUnion("rule", [
  ...DispatchRule.options,
  MicroBatchOptions.extend({ rule: z.literal("micro-batch") }),
]);
export type LiveDispatch = z.output<typeof LiveDispatch>;

/** How often a request is tried, and how long is waited in between. */
export const RetryOptions = z.strictObject({
  /** Attempts that may fail before the request has failed, the first one included. */
  attempts: z.int().min(1).max(100).default(4),
  /** Longest wait before the second attempt, in seconds; doubles with each one. */
  baseSeconds: z.number().positive().default(0.5),
  maxSeconds: z.number().positive().default(30),
});
export type RetryOptions = z.output<typeof RetryOptions>;

/** When a server is taken out of the run, and how it gets back in. */
export const HealthOptions = z.strictObject({
  /** Failures in a row that are the server's fault; nobody listening takes it out at once. */
  failures: z.int().min(1).default(3),
  /** Seconds between two probes of `/health`: from the first to the longest, doubling. */
  probeSeconds: z.number().positive().default(0.5),
  probeMaxSeconds: z.number().positive().default(10),
  /** Seconds without any server after which the run gives up. */
  giveUpSeconds: z.number().positive().default(120),
});
export type HealthOptions = z.output<typeof HealthOptions>;

/** What the gateway of a live run needs to know. Times are seconds on the run's clock. */
export const GatewayOptions = z.strictObject({
  scheduler: SchedulerOptions.prefault({}),
  dispatch: LiveDispatch.prefault({ rule: "in-flight" }),
  retry: RetryOptions.prefault({}),
  health: HealthOptions.prefault({}),
  /** Of the jitter of retries and probes. */
  seed: z.int().default(1),
  /** After so long nothing is taken on any more: what has not been sent is cancelled. */
  timeLimitSeconds: z.number().positive().optional(),
  /** What is open at the limit may take so long to end; then it is cancelled. */
  drainSeconds: Seconds.default(30),
  /** The run stays on for so long after its last request, so that its telemetry sees the servers idle. */
  cooldownSeconds: Seconds.default(0),
});
export type GatewayOptions = z.output<typeof GatewayOptions>;
export type GatewayOptionsInput = z.input<typeof GatewayOptions>;
