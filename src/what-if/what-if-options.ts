import * as z from "zod";
import { ServicePromise } from "./service-promise.ts";

/** Options of a what-if that have defaults; see {@link WhatIfOptions} for the others. */
export const WhatIfFields = z.object({
  /**
   * How many servers, alike: the first number is how many served the log, the others are tried
   * besides. Ascending. @default [1]
   */
  servers: z.array(z.int().min(1).max(64)).min(1).default([1])
    .refine((counts) => counts.every((count, i) => i === 0 || count > counts[i - 1]), {
      error: "numbers of servers in ascending order",
    }),
  promise: ServicePromise.optional(),
  /** Seconds of the log's clock: what arrived from then on, and before then. @default all of it */
  from: z.number().min(0).optional(),
  to: z.number().positive().optional(),
  /** Requests a second: the log's time is stretched or pressed. @default as it is */
  rate: z.number().min(1e-4).max(1e6).optional(),
  /**
   * Resampled logs, each on a server as the true one may be, behind every interval.
   * @default 40, and fewer for long logs, 10 at least
   */
  draws: z.int().min(2).max(10_000).optional(),
  /** Of the resampling and of the servers. @default 1 */
  seed: z.int().default(1),
  /** Share of numbers that their intervals should hold. @default 0.9 */
  level: z.number().gt(0).lt(1).default(0.9),
});
export type WhatIfFields = z.output<typeof WhatIfFields>;

const DRAWS = 40, LEAST_DRAWS = 10;
/** Requests that are simulated for intervals unless the user asks for more: about a quarter of a minute. */
const REQUESTS_SIMULATED = 600_000;

/** Draws where the user asked for no number of them. */
export function drawsFor(requests: number, alternatives: number): number {
  const affordable = Math.floor(REQUESTS_SIMULATED / (requests * alternatives));
  return Math.max(LEAST_DRAWS, Math.min(DRAWS, affordable));
}
