/**
 * A distribution of token counts, as a function of a standard normal number. Correlation by a Gaussian
 * copula is then the correlation of the normal numbers, and a column whose law changes keeps its
 * draws.
 */
export interface TokenLengths {
  /**
   * Tokens, not rounded, at the normal number z: the quantile of P(Z ≤ z). Does not fall as z rises.
   */
  at(z: number): number;
  /** The longest that `at` gives; Infinity where it is not bounded. */
  readonly longest: number;
}
