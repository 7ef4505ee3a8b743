import type { Interval } from "../../statistics/bootstrap.ts";
import type { GridView } from "../../analysis/grid-view.ts";

/** Where a claim is looked at. */
export interface ClaimScope {
  /** Counting mode of the system as the paper measured it. */
  readonly counting: string;
  /**
   * Phase over which latency is measured: the paper's sustained contention. Absent: the whole run.
   */
  readonly period?: string;
}

/**
 * One claim of the paper as a definition that runs. It looks at the paper's policies, calibrations and
 * countings by name (`policies.ts`), never at whatever else a grid holds. Source: driftsched
 * reference, "What it claims".
 */
export interface Claim {
  readonly id: string;
  /** The claim in one sentence. */
  readonly title: string;
  /** How the effect is computed, in words. */
  readonly definition: string;
  /** The paper's number on the scale of the effect; null where it states a ranking only. */
  readonly paper: number | null;
  /** How effects read: as a relative change, or as a plain difference. */
  readonly scale: "relative" | "difference";
  /**
   * The claim holds where the effect lies beyond this value, on the side of `direction`: half of the
   * paper's number, or 0 for rankings, unless the definition says otherwise.
   */
  readonly threshold: number;
  readonly direction: -1 | 1;
  /** Policies the claim compares; a grid that lacks one cannot judge it. */
  readonly policies?: readonly string[];
  /** Counting modes the claim compares; a grid that lacks one cannot judge it. */
  readonly countings?: readonly string[];
  /** The effect, one value a seed. */
  effects(grid: GridView, scope: ClaimScope): Float64Array;
}

/** What a claim came to. */
export type Verdict = "reproduced" | "not reproduced" | "undecided";

/**
 * Reproduced: the whole interval lies at or beyond the threshold. Not reproduced: the whole interval
 * falls short of it. Undecided: the interval straddles it, or there is no number.
 */
export function judge(
  { low, high }: Pick<Interval, "low" | "high">,
  { threshold, direction }: Pick<Claim, "threshold" | "direction">,
): Verdict {
  const weakest = direction > 0 ? low : -high;
  const strongest = direction > 0 ? high : -low;
  const bar = direction * threshold;
  // A threshold of 0 asks for an effect, so no effect at all falls short of it.
  const reaches = (value: number) => bar === 0 ? value > 0 : value >= bar;
  if (reaches(weakest)) return "reproduced";
  if (!reaches(strongest) && !Number.isNaN(strongest)) return "not reproduced";
  return "undecided";
}
