import type { Interval } from "../../statistics/bootstrap.ts";
import type { GridView } from "../../analysis/grid-view.ts";
import { C1, C2 } from "./calibration-error.ts";
import { type Claim, type ClaimScope, judge, type Verdict } from "./claim.ts";
import { C7, C8 } from "./counting-mode.ts";
import { C6 } from "./scheduler-over-calibration.ts";
import { C5 } from "./sjf-best.ts";
import { C3, C4 } from "./sjf-latency.ts";

/** The paper's claims, frozen. Source: driftsched reference, "What it claims". */
export const CLAIMS: readonly Claim[] = Object.freeze(
  [C1, C2, C3, C4, C5, C6, C7, C8].map((claim) => Object.freeze(claim)),
);

/** One line of the ledger. */
export interface LedgerEntry extends Interval {
  readonly id: string;
  readonly title: string;
  readonly definition: string;
  readonly scale: Claim["scale"];
  readonly paper: number | null;
  /** Effect over the paper's number; null where the paper has none. */
  readonly ratio: number | null;
  readonly threshold: number;
  readonly direction: Claim["direction"];
  readonly verdict: Verdict;
}

/**
 * Judges every claim that the grid can judge: effect by seed, mean with its 95 % percentile
 * bootstrap interval, verdict from the interval. Claims that compare policies or countings which the
 * grid lacks are left out. Policies that are not the paper's change nothing.
 *
 * @param claims what is judged, claims of your own among them. @default the paper's
 */
export function claimsLedger(
  grid: GridView,
  scope: ClaimScope,
  claims: readonly Claim[] = CLAIMS,
): LedgerEntry[] {
  const judged = claims.filter(({ policies = [], countings = [] }) =>
    policies.every((policy) => grid.policies.includes(policy)) &&
    countings.every((counting) => grid.countings.includes(counting))
  );
  return judged.map((claim) => {
    const interval = grid.interval(claim.effects(grid, scope));
    const { id, title, definition, scale, paper, threshold, direction } = claim;
    return {
      id,
      title,
      definition,
      scale,
      paper,
      ratio: paper === null ? null : interval.effect / paper,
      threshold,
      direction,
      ...interval,
      verdict: judge(interval, claim),
    };
  });
}
