import { z } from "zod";

/**
 * How the gateway hands requests to a server that batches continuously.
 * - `in-flight`: at most `window` requests are open at the server; when one finishes, the policy says
 *   who goes next. What people run in production.
 * - `pass-through`: every request is handed over as it arrives; the policy's order goes along as
 *   vLLM's `priority` (lower is sooner), and the server's own queue does the rest.
 */
export const DispatchRule = z.discriminatedUnion("rule", [
  z.strictObject({
    rule: z.literal("in-flight"),
    /** Requests open at the server at most. */
    window: z.int().min(1).default(32),
  }),
  z.strictObject({ rule: z.literal("pass-through") }),
]);
export type DispatchRule = z.output<typeof DispatchRule>;
export type DispatchRuleInput = z.input<typeof DispatchRule>;
