import { z } from "zod";
import { parseWith } from "../../errors/parse-with.ts";
import { substream, uniformInt } from "../../random/substream.ts";
import { TIERS } from "../tiers.ts";
import type { Labels, Workload } from "../workload.ts";
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
   */
  rule: z.enum(["dealt", "snake", "random"]).default("dealt"),
  /** Of the rule `random`; the others draw nothing. */
  seed: z.int().default(1),
});
export type MapTiersOptions = z.input<typeof MapTiersOptions>;

/**
 * Gives every tenant one of the tiers premium, standard and batch by a stated rule. No public trace
 * has tiers: they are assigned here, not observed, and a claim about tiers that holds under one
 * assignment only is no claim about the trace. Throws an InputError for unknown options.
 *
 * @example
 * const workload = mapTiers(trace, { rule: "random", seed: 3 });
 */
export function mapTiers(workload: Workload, options: MapTiersOptions = {}): Workload {
  const { rule, seed } = parseWith(MapTiersOptions, options, "mapTiers options");
  const { tenant } = workload.requests;
  const order = rule === "random" ? shuffled(tenant.names.length, seed) : byRequests(tenant);
  const tierOf = new Uint8Array(order.length);
  order.forEach((code, rank) => {
    const place = rank % TIERS.length;
    const backwards = rule === "snake" && Math.floor(rank / TIERS.length) % 2 === 1;
    tierOf[code] = backwards ? TIERS.length - 1 - place : place;
  });
  return {
    ...workload,
    requests: { ...workload.requests, tier: relabel(tenant, tierOf, TIERS) },
    provenance: withStep(
      workload,
      `tiers assigned to tenants: ${rule === "random" ? `random, seed ${seed}` : rule}`,
    ),
  };
}

/** Codes of the dictionary, most frequent first. */
function byRequests({ codes, names }: Labels): number[] {
  const counts = new Int32Array(names.length);
  for (const code of codes) counts[code]++;
  return names.map((_, code) => code).sort((a, b) => counts[b] - counts[a] || a - b);
}

/** 0 to n − 1 in random order (Fisher–Yates). */
function shuffled(n: number, seed: number): number[] {
  const random = substream(seed, "map-tiers");
  const order = Array.from({ length: n }, (_, i) => i);
  for (let i = n - 1; i > 0; i--) {
    const j = uniformInt(random, i + 1);
    [order[i], order[j]] = [order[j], order[i]];
  }
  return order;
}
