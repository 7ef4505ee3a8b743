import * as z from "zod";
import { type Choice, choose, type Chosen } from "../registry/choice.ts";
import { Dispatch } from "./dispatch.ts";
import { SchedulerSchema } from "./options.ts";
import { leastOpen } from "./routers/least-open.ts";
import { ROUTERS } from "./routers/registry.ts";
import type { RouterDefinition } from "./routers/router.ts";

const Seconds = z.number().min(0);

/** How often a request is tried, and how long is waited in between. */
export const RetryOptions = z.strictObject({
  /** Attempts that may fail before the request has failed, the first one included. @default 4 */
  attempts: z.int().min(1).max(100).default(4),
  /** Longest wait before the second attempt, in seconds; doubles with each one. @default 0.5 */
  baseSeconds: z.number().positive().default(0.5),
  /** @default 30 */
  maxSeconds: z.number().positive().default(30),
});
export type RetryOptions = z.output<typeof RetryOptions>;

/** When a server is taken out of the run, and how it gets back in. */
export const HealthOptions = z.strictObject({
  /** Failures in a row that are the server's fault; nobody listening takes it out at once. @default 3 */
  failures: z.int().min(1).default(3),
  /** Seconds between two probes: from the first to the longest, doubling. @default 0.5 */
  probeSeconds: z.number().positive().default(0.5),
  /** @default 10 */
  probeMaxSeconds: z.number().positive().default(10),
  /** Seconds without any server after which the run gives up. @default 120 */
  giveUpSeconds: z.number().positive().default(120),
});
export type HealthOptions = z.output<typeof HealthOptions>;

/** A router by name, by name and options, or its definition. */
export const RouterSchema = z.custom<Choice<RouterDefinition> | undefined>().optional()
  .transform((choice): Chosen<RouterDefinition> =>
    choose(choice, { registry: ROUTERS, standard: leastOpen, file: "gateway options" })
  );

/** Options of the {@link Gateway}. Times are seconds on the run's clock. */
export const GatewayOptions = z.strictObject({
  /** Who goes next, and how long answers will be: see `SchedulerOptionsInput`. */
  scheduler: SchedulerSchema,
  /** How requests are handed over. @default { rule: "in-flight", window: 32 } */
  dispatch: Dispatch.prefault({ rule: "in-flight" }),
  /** Which of several servers gets a request. @default "least-open" */
  router: RouterSchema,
  /**
   * Requests that arrive at one instant are all queued before a free place is filled (`together`), or
   * each takes a free place before the next is looked at (`one by one`). @default "together"
   */
  arrivals: z.enum(["together", "one by one"]).default("together"),
  retry: RetryOptions.prefault({}),
  health: HealthOptions.prefault({}),
  /** Of the jitter of retries and probes. @default 1 */
  seed: z.int().default(1),
  /** After so long nothing is taken on any more: what has not been sent is cancelled. @default no limit */
  timeLimitSeconds: z.number().positive().optional(),
  /** What is open at the limit may take so long to end; then it is cancelled. @default 30 */
  drainSeconds: Seconds.default(30),
  /**
   * The run stays on for so long after its last request, so that its telemetry sees the servers idle.
   * @default 0
   */
  cooldownSeconds: Seconds.default(0),
});
export type GatewayOptions = z.output<typeof GatewayOptions>;
export type GatewayOptionsInput = z.input<typeof GatewayOptions>;
