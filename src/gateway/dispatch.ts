import * as z from "zod";

/**
 * The paper's way: a worker a server gathers a batch, hands it over at once, and waits for the whole
 * of it. Source: driftsched reference, "Worker".
 */
export const MicroBatch = z.strictObject({
  rule: z.literal("micro-batch"),
  /** Requests in a batch at most. @default 32 */
  maxBatch: z.int().min(1).max(256).default(32),
  /** Seconds for which a batch is gathered after its first request was pulled; 0: no wait. @default 0.01 */
  windowSeconds: z.number().min(0).default(0.01),
  /** Seconds between two looks at an empty queue while a batch is gathered. @default 0.005 */
  pollSeconds: z.number().positive().default(0.005),
  /** Seconds of sleep when there was nothing at all to pull. @default 1 */
  idleSeconds: z.number().positive().default(1),
});
export type MicroBatch = z.output<typeof MicroBatch>;

/** At most `window` requests are open at each server; when one ends, the policy says who goes next. */
export const InFlight = z.strictObject({
  rule: z.literal("in-flight"),
  /** Requests open at each server at most. @default 32 */
  window: z.int().min(1).default(32),
});

/**
 * Every request is handed over as it arrives; the policy's order goes along as vLLM's `priority`
 * (lower is sooner), and the server's own queue does the rest.
 */
export const PassThrough = z.strictObject({ rule: z.literal("pass-through") });

/** How the gateway hands requests to its servers, simulated or real. */
export const Dispatch = z.discriminatedUnion("rule", [MicroBatch, InFlight, PassThrough]);
export type Dispatch = z.output<typeof Dispatch>;
export type DispatchInput = z.input<typeof Dispatch>;
