/**
 * The usual names of tenant tiers in this workbench, most urgent first; a tier's rank is its place
 * here plus one. They are those of the paper. A workload may have other names.
 */
export const TIERS = Object.freeze(["premium", "standard", "batch"] as const);
export type Tier = (typeof TIERS)[number];
