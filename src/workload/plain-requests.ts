import type { Labels, Requests } from "./workload.ts";

/**
 * Requests of which only arrivals and lengths are known: one phase, and one tenant, tier and category,
 * each called `default`.
 */
export function plainRequests(
  columns: Pick<Requests, "arrival" | "promptTokens" | "maxTokens">,
): Requests {
  const size = columns.arrival.length;
  const same: Labels = { codes: new Uint8Array(size), names: ["default"] };
  return {
    ...columns,
    size,
    phases: [{ name: "all", first: 0, afterDrainSeconds: 0 }],
    tenant: same,
    tier: same,
    category: same,
  };
}
