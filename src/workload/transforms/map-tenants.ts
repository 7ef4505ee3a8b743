import * as z from "zod";
import { parseWith } from "../../errors/parse-with.ts";
import { substream } from "../../random/substream.ts";
import type { Labels, Workload } from "../workload.ts";
import { assignByName, assignByShare, drawByShare, labelsOf, Shares } from "./assign-clients.ts";
import { relabel } from "./relabel.ts";
import { withStep } from "./with-step.ts";

/** How clients (the tenants of a trace) become tenants. */
export const MapTenantsOptions = z.discriminatedUnion("rule", [
  /**
   * Clients as a whole, the largest first, each to the tenant that misses most requests of its
   * share.
   */
  z.strictObject({ rule: z.literal("shares"), shares: Shares }),
  /** Every request for itself, by draw: for traces without clients. */
  z.strictObject({ rule: z.literal("per-request"), shares: Shares, seed: z.int().default(1) }),
  /** By a table from client to tenant, which has every client. */
  z.strictObject({
    rule: z.literal("named"),
    assign: z.record(z.string(), z.string().min(1)),
  }),
]);
export type MapTenantsOptions = z.input<typeof MapTenantsOptions>;

/**
 * Makes tenants of a trace's clients, or of requests where it has none, by a stated rule: they are
 * assigned, not observed. Tiers, and all else, stay as they are; see `mapTiers`. Phases stay.
 * Throws an InputError for bad options, and for a client that the table lacks.
 *
 * @example
 * const three = workloads.mapTenants(trace, { rule: "shares", shares: { search: 0.5, chat: 0.3, batch: 0.2 } });
 */
export function mapTenants(workload: Workload, options: MapTenantsOptions): Workload {
  const parsed = parseWith(MapTenantsOptions, options, "mapTenants options");
  const { requests } = workload;
  const clients = requests.tenant;
  const mapped = ((): { tenant: Labels; step: string } => {
    if (parsed.rule === "named") {
      const names = [...new Set(Object.values(parsed.assign))];
      const target = assignByName(clients, parsed.assign, { names, file: "mapTenants options" });
      return { tenant: relabel(clients, target, names), step: "by name" };
    }
    const names = Object.keys(parsed.shares);
    const shares = Object.values(parsed.shares);
    const told = `shares ${names.map((name, i) => `${name} ${shares[i]}`).join(", ")}`;
    if (parsed.rule === "shares") {
      const tenant = relabel(clients, assignByShare(clients, shares), names);
      return { tenant, step: `whole clients, ${told}` };
    }
    const random = substream(parsed.seed, "map-tenants");
    const tenant = labelsOf(drawByShare(random, shares, requests.size), names);
    return { tenant, step: `every request by draw, ${told}, seed ${parsed.seed}` };
  })();
  return {
    ...workload,
    requests: { ...requests, tenant: mapped.tenant },
    provenance: withStep(workload, `tenants assigned: ${mapped.step}`),
  };
}
