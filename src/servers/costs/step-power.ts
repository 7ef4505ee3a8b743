/**
 * Power that a server draws as a plain value. While it computes a step with b decoding sequences that
 * hold c tokens of context together, and p prompt tokens prefilled in the same step:
 *
 *     watts = base[b] + perContextToken[b] × c + perPrefillToken × p
 *
 * Affine in c as `StepCost` is: so the joules of a run of steps without a change of the batch, watts
 * × seconds summed over them, have a closed form. Between steps it draws `idleWatts`.
 */
export interface StepPower {
  /** While nothing is computed. */
  readonly idleWatts: number;
  /** Shape (maxSequences + 1), watts, indexed by the number of decoding sequences. */
  readonly base: Float64Array;
  /** Shape (maxSequences + 1), watts per token of context. */
  readonly perContextToken: Float64Array;
  /** Watts per prompt token in the step. */
  readonly perPrefillToken: number;
}
