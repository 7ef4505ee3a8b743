import type { FrontEndCost } from "../continuous/front-end.ts";
import type { Gpu } from "./gpu.ts";
import type { MixedStepCost } from "./mixed-step.ts";

/** Shares of a data sheet's bandwidth and arithmetic that a card sustains. */
export type Ceilings = Pick<Gpu["sustained"], "bandwidth" | "matmul">;

/**
 * Cost of one engine step as a plain value: for a batch of b decoding sequences that hold c tokens
 * of context together, with p prompt tokens prefilled in the same step,
 *
 *     seconds = base[b] + perContextToken[b] × c + perPrefillToken × p
 *
 * Affine in c while b stays: so a run of steps without a change of the batch has a closed-form sum.
 * A measured server may cost more terms for its prefill; both default to 0:
 *
 *     + perPrefillSequence × m + perPrefillPair × q
 *
 * with m sequences that prefill, and q pairs of a prompt token and a token that it attends to (the
 * quadratic part of attention; tokens of earlier chunks count).
 */
export interface StepCost {
  readonly name: string;
  /** Shape (maxSequences + 1), seconds, indexed by the number of decoding sequences. */
  readonly base: Float64Array;
  /** Shape (maxSequences + 1), seconds per token of context. */
  readonly perContextToken: Float64Array;
  /**
   * Shape (maxSequences + 1), seconds that a step takes at least which decodes alone: what the host needs
   * for it while the GPU computes. @default none
   */
  readonly floor?: Float64Array;
  /** Seconds per prompt token. */
  readonly perPrefillToken: number;
  /** Seconds per sequence that prefills in a step. */
  readonly perPrefillSequence?: number;
  /** Seconds per pair of a prompt token and a token that it attends to. */
  readonly perPrefillPair?: number;
  /**
   * What a step with prompt tokens in it costs instead, where it is known by its physical terms: those
   * per prompt token, sequence and pair don't count then.
   */
  readonly mixed?: MixedStepCost;
  /** Seconds spent on each request before its prefill (tokenising, bookkeeping), alone. */
  readonly perRequest: number;
  /** How the front end works where requests meet. @default one by one, `perRequest` each */
  readonly frontEnd?: FrontEndCost;
  /** What a card sustains, where the cost was computed from that: with the ends of its doubt. */
  readonly ceilings?: Ceilings;
  /** Where the constants come from. */
  readonly source: string;
}
