import type { GridView } from "../../analysis/grid-view.ts";
import { PAPER_POLICIES, type PaperPolicy } from "../policies.ts";

/**
 * The paper's policies that a grid holds, in the paper's order; others are passed over. "Averaged over
 * the schedulers" means these. Source: driftsched reference, "What it claims".
 */
export function paperPoliciesIn({ policies }: GridView): readonly PaperPolicy[] {
  return PAPER_POLICIES.filter((policy) => policies.includes(policy));
}
