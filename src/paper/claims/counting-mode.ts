import type { GridView } from "../../analysis/grid-view.ts";
import { mean } from "../../statistics/quantile.ts";
import { CATEGORIES } from "../categories.ts";
import {
  CALIBRATION_OFF,
  CALIBRATION_ON,
  COUNTING_TOKENS,
  COUNTING_WORDS,
  PAPER_COUNTINGS,
} from "../policies.ts";
import type { Claim } from "./claim.ts";
import { paperPoliciesIn } from "./paper-policies-in.ts";

/** Distance from 1 within which a calibration factor counts as near 1. */
export const NEAR_ONE = 0.1;

/** Least share of the gap between countings that calibration has to close for C8. */
export const GAP_CLOSED = 0.5;

/** Mean distance of the final factors from 1, over categories and policies, by seed. */
function distanceFromOne(grid: GridView, counting: string): Float64Array {
  const factors = paperPoliciesIn(grid).flatMap((policy) =>
    CATEGORIES.map((category) =>
      grid.values({ measure: "factor", category }, {
        policy,
        calibration: CALIBRATION_ON,
        counting,
      })
    )
  );
  return grid.perSeed((seed) => mean(factors.map((values) => Math.abs(values[seed] - 1))));
}

/**
 * C7: calibration has something to do with whitespace counting only. Source: driftsched reference,
 * "What it claims".
 */
export const C7: Claim = {
  id: "C7",
  title: "Calibration factors stay near 1 with tokenizer counting, not with whitespace counting",
  definition:
    `margin by which the final factors' mean distance from 1 is below ${NEAR_ONE} with tokenizer counting and above it with whitespace counting; the smaller of the two margins`,
  paper: null,
  scale: "difference",
  threshold: 0,
  direction: 1,
  countings: PAPER_COUNTINGS,
  effects(grid) {
    const tokenizer = distanceFromOne(grid, COUNTING_TOKENS);
    const split = distanceFromOne(grid, COUNTING_WORDS);
    return grid.perSeed((seed) => Math.min(NEAR_ONE - tokenizer[seed], split[seed] - NEAR_ONE));
  },
};

/**
 * C8: after convergence, calibrated whitespace estimates are about as good as tokenizer ones. Source:
 * driftsched reference, "What it claims".
 */
export const C8: Claim = {
  id: "C8",
  title: "Calibrated whitespace estimates approach the tokenizer-aware ones after convergence",
  definition:
    "share of the gap in relative mean absolute error to calibrated tokenizer counting that calibration closes for whitespace counting, over the last third of the run, averaged over the schedulers",
  paper: null,
  scale: "relative",
  threshold: GAP_CLOSED,
  direction: 1,
  countings: PAPER_COUNTINGS,
  effects(grid) {
    const closed = paperPoliciesIn(grid).map((policy) => {
      const late = (calibration: string, counting: string) =>
        grid.values({ measure: "relative_mae", part: "late" }, { policy, calibration, counting });
      const target = late(CALIBRATION_ON, COUNTING_TOKENS);
      const off = late(CALIBRATION_OFF, COUNTING_WORDS);
      const on = late(CALIBRATION_ON, COUNTING_WORDS);
      return grid.perSeed((seed) =>
        1 - Math.abs(on[seed] - target[seed]) / Math.abs(off[seed] - target[seed])
      );
    });
    return grid.perSeed((seed) => mean(closed.map((values) => values[seed])));
  },
};
