import * as z from "zod";
import { parseWith } from "../../errors/parse-with.ts";
import { shuffled } from "../../random/shuffled.ts";
import { substream } from "../../random/substream.ts";
import { TIERS } from "../tiers.ts";
import type { Labels, Workload } from "../workload.ts";
import {
  assignByName,
  assignByShare,
  byRequests,
  drawByShare,
  labelsOf,
} from "./assign-clients.ts";
import { relabel } from "./relabel.ts";
import { withStep } from "./with-step.ts";

/** How tenants are dealt to tiers. */
export const MapTiersOptions = z.strictObject({
  /**
   * - `dealt`: tenants ranked by their number of requests (ties: by their place in the dictionary)
   *   are dealt round robin, premium first. Each tier gets large and small tenants, so that tier is
   *   not volume, but the first tier of every round gets the largest of three: of the arena trace
   *   premium, standard and batch get 601, 491 and 408 requests.
   * - `snake`: the same, every second round dealt backwards, which evens that out: 531, 491, 478.
   * - `random`: tenants in a random order of the seed, dealt round robin: tiers then differ in load
   *   by chance (the arena's largest tenant alone sends a fifth), which is the point. Repeated over
   *   seeds it gives the spread of a result over assignments.
   * - `shares`: whole tenants, the largest first, each to the tier that misses most requests of its
   *   share. Comes as near as the tenants' sizes allow.
   * - `per-request`: every request for itself, by draw: for traces without tenants.
   * - `named`: by a table.
   */
  rule: z.enum(["dealt", "snake", "random", "shares", "per-request", "named"]).default("dealt"),
  /** Of the rules `random` and `per-request`; the others draw nothing. */
  seed: z.int().default(1),
  /** Of the rules `shares` and `per-request`: what part of the requests each tier gets. */
  shares: z.strictObject({
    premium: z.number().min(0).default(0),
    standard: z.number().min(0).default(0),
    batch: z.number().min(0).default(0),
  }).refine((shares) => Object.values(shares).some((share) => share > 0), {
    error: "at least one share above 0",
  }).optional(),
  /** Of the rule `named`: the tier of every tenant. */
  assign: z.record(z.string(), z.enum(TIERS)).optional(),
}).check(({ value: { rule, shares, assign }, issues }) => {
  const needs = (field: "shares" | "assign", given: unknown, rules: readonly string[]) => {
    if ((given !== undefined) === rules.includes(rule)) return;
    const message = `${rules.includes(rule) ? "a value" : "none"} with the rule ${rule}`;
    issues.push({ code: "custom", path: [field], input: given, message });
  };
  needs("shares", shares, ["shares", "per-request"]);
  needs("assign", assign, ["named"]);
});
export type MapTiersOptions = z.input<typeof MapTiersOptions>;

/**
 * Gives every tenant one of the tiers premium, standard and batch by a stated rule. No public trace
 * has tiers: they are assigned here, not observed, and a claim about tiers that holds under one
 * assignment only is no claim about the trace. Throws an InputError for unknown options.
 *
 * @example
 * const workload = workloads.mapTiers(trace, { rule: "random", seed: 3 });
 */
export function mapTiers(workload: Workload, options: MapTiersOptions = {}): Workload {
  const parsed = parseWith(MapTiersOptions, options, "mapTiers options");
  const { tier, told } = tiersOf(workload, parsed);
  return {
    ...workload,
    requests: { ...workload.requests, tier },
    provenance: withStep(workload, `tiers assigned to ${told}`),
  };
}

function tiersOf(
  { requests: { tenant, size } }: Workload,
  { rule, seed, shares, assign }: z.output<typeof MapTiersOptions>,
): { readonly tier: Labels; readonly told: string } {
  const byTenant = (target: ArrayLike<number>, how: string) => ({
    tier: relabel(tenant, target, TIERS),
    told: `tenants: ${how}`,
  });
  const parts = TIERS.map((name) => shares?.[name] ?? 0);
  const sharesTold = TIERS.map((name, i) => `${name} ${parts[i]}`).join(", ");
  switch (rule) {
    case "shares":
      return byTenant(assignByShare(tenant, parts), `shares, ${sharesTold}`);
    case "named":
      return byTenant(
        assignByName(tenant, assign!, { names: TIERS, file: "mapTiers options" }),
        "by name",
      );
    case "per-request": {
      const places = drawByShare(substream(seed, "map-tiers/requests"), parts, size);
      return {
        tier: labelsOf(places, TIERS),
        told: `requests: by draw, ${sharesTold}, seed ${seed}`,
      };
    }
    case "random":
      return byTenant(
        dealt(shuffled(substream(seed, "map-tiers"), tenant.names.length), rule),
        `random, seed ${seed}`,
      );
    default:
      return byTenant(dealt(byRequests(tenant), rule), rule);
  }
}

/** Tier of each tenant, dealt round robin in an order. */
function dealt(order: readonly number[], rule: string): Uint8Array {
  const tierOf = new Uint8Array(order.length);
  order.forEach((code, rank) => {
    const place = rank % TIERS.length;
    const backwards = rule === "snake" && Math.floor(rank / TIERS.length) % 2 === 1;
    tierOf[code] = backwards ? TIERS.length - 1 - place : place;
  });
  return tierOf;
}
