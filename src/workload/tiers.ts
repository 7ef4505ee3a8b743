/** Tenant tiers of the paper, most urgent first; a tier's rank is its place here plus one. */
export const TIERS = ["premium", "standard", "batch"] as const;
export type Tier = (typeof TIERS)[number];
