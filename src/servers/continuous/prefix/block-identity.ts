/**
 * Which full KV blocks hold the same: two blocks have one number where all their tokens and all tokens
 * before them are the same. Blocks of a request count from 0.
 */
export interface BlockIdentity {
  /**
   * Leading blocks of `request`, its answer's among them, that other requests may have, too. The blocks
   * after them are its own.
   */
  shared(request: number): number;
  /** Writes the numbers of those blocks, 0 or above, to `into`, which is long enough. */
  copy(request: number, into: Int32Array): void;
  /** Whether one request may hold what another one is still about to answer. */
  readonly sharesAnswers: boolean;
}

/** Nobody shares anything. */
export const NOTHING_SHARED: BlockIdentity = {
  shared: () => 0,
  copy: () => {},
  sharesAnswers: false,
};
