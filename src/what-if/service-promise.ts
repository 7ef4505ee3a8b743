import * as z from "zod";
import { timePerOutputToken } from "../runs/latencies.ts";
import { endToEnd, timeToFirstToken } from "../runs/latencies.ts";
import type { Run } from "../runs/run.ts";

const seconds = z.number().positive().max(1e6);

/**
 * What a service promises of each request: limits in seconds, of which at least one, all of them kept.
 * TTFT and E2E count from arrival, TPOT is a mean over the tokens after the first. `share` of the
 * requests must keep them for the promise to be met.
 */
export const ServicePromise = z.strictObject({
  ttft: seconds.optional(),
  tpot: seconds.optional(),
  e2e: seconds.optional(),
  /** @default 0.99 */
  share: z.number().gt(0).lte(1).default(0.99),
}).refine(({ ttft, tpot, e2e }) => ttft ?? tpot ?? e2e, {
  error: "at least one limit: ttft, tpot or e2e, in seconds",
});
export type ServicePromise = z.output<typeof ServicePromise>;
export type ServicePromiseInput = z.input<typeof ServicePromise>;

/** The promise in words: `TTFT ≤ 1 s and TPOT ≤ 50 ms for 99 % of the requests`. */
export function promiseText({ share, ...limits }: ServicePromise): string {
  const said = (["ttft", "tpot", "e2e"] as const).filter((name) => limits[name] !== undefined)
    .map((name) => {
      const limit = limits[name]!;
      return `${name.toUpperCase()} ≤ ${
        limit < 1 ? `${+(1000 * limit).toFixed(3)} ms` : `${limit} s`
      }`;
    });
  return `${said.join(" and ")} for ${+(100 * share).toFixed(3)} % of the requests`;
}

type Instants = Pick<Run, "arrival" | "firstToken" | "finish" | "outputTokens">;

/**
 * Whether a request keeps the promise's limits. One that never finished breaks them; an answer of one
 * token has no TPOT to break.
 */
export function keepsPromise(
  { arrival, firstToken, finish, outputTokens }: Instants,
  row: number,
  { ttft = Infinity, tpot = Infinity, e2e = Infinity }: ServicePromise,
): boolean {
  if (!(endToEnd(arrival[row], finish[row]) <= e2e)) return false;
  if (ttft < Infinity && !(timeToFirstToken(arrival[row], firstToken[row]) <= ttft)) return false;
  return !(timePerOutputToken(firstToken[row], finish[row], outputTokens[row]) > tpot);
}
