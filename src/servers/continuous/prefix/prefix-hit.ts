/** What the prefix cache holds of a request that waits. Filled again and again. */
export interface PrefixHit {
  /** Leading blocks that need not be computed. */
  blocks: number;
  /** Those of them that nobody holds: to take them makes the free ones fewer, too. */
  free: number;
}

/** Nothing is cached. */
export const NO_HIT: Readonly<PrefixHit> = Object.freeze({ blocks: 0, free: 0 });
