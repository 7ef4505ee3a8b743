import type { DecodingCohort } from "./decoding-cohort.ts";
import type { PrefixHit } from "./prefix/prefix-hit.ts";

/** Slots in an order. */
export interface SlotSequence {
  readonly size: number;
  readonly items: Int32Array;
}

/**
 * Who holds how many KV blocks, by slot: the skipping core's account. Sequences that decode hold
 * theirs as a cohort; those outside it hold theirs one by one. On top come the blocks that the step
 * being planned takes.
 *
 * A step is planned in three moves: blocks are counted (`hold`, `planAll`); if all can be had they are
 * given out (`settle`), else one sequence after the other gets its own (`planNone`, then `hold` or
 * `plan`, and `settleOne`); then waiting requests are let in (`lookUp`, `admit`).
 */
export interface SlotLedger {
  readonly cohort: DecodingCohort;
  /** Blocks that nobody holds or takes in the planned step. */
  readonly free: number;
  /**
   * Whether a step with prompts that lacks blocks must be walked one sequence after the other: it matters
   * then which blocks a prompt takes before another sequence is preempted.
   */
  readonly heedsTurns: boolean;
  /** Whether anything is kept that a look-up could find: then blocks must come back in time. */
  readonly remembers: boolean;
  /** Whether `blocks` are free. */
  hasFree(blocks: number): boolean;
  /** How many of `most` steps of the cohort, the planned one included, there are blocks for. */
  stepsThatFit(most: number): number;
  blocksFor(tokens: number): number;
  /** Blocks of `slot`, which is outside the cohort. */
  held(slot: number): number;
  /** Lets `slot`, which is outside the cohort, hold the blocks of `tokens`. */
  hold(slot: number, tokens: number): void;
  /** Takes back what `slot`, which is outside the cohort, holds. */
  release(slot: number): void;
  /** Lets `slot` into the cohort, with its blocks. */
  join(slot: number, computed: number, left: number): void;
  /** Takes `slot` out of the cohort; it keeps its blocks. Returns the tokens it has computed. */
  part(slot: number): number;
  /** Plans a step of the whole cohort. */
  planAll(): void;
  /** Plans a step of nobody in the cohort yet. */
  planNone(): void;
  /** Lets `slot` of the cohort take what it needs in the planned step. */
  plan(slot: number): void;
  /** Takes `slot` of the cohort out of the planned step, in which it was. */
  unplan(slot: number): void;
  /** Gives all that is free out to those of the cohort whose turn comes first: somebody lacks a block. */
  takeFree(): void;
  /** Gives out what the whole cohort and `prefills`, in the order of the running list, take. */
  settle(prefills: SlotSequence): void;
  /** Gives out what `slot` takes, which computes up to `tokens`. */
  settleOne(slot: number, tokens: number): void;
  /** `slot` of the cohort has no turn in the planned step. */
  passOver(slot: number): void;
  /** Lets `slot` of the cohort, which was passed over, stay where it is while the others advance. */
  delay(slot: number): void;
  /** Takes the planned step, `n` times. */
  advance(n: number): void;
  /** What of `request`, which holds nothing, is cached; one of `tokens` at least is not. */
  lookUp(request: number, tokens: number): Readonly<PrefixHit>;
  /** Leading blocks that a look-up would find; for policies, changes nothing. */
  peek(request: number, tokens: number): number;
  /** What the last look-up would find if `slots` gave back what they hold. */
  hitWithout(slots: SlotSequence): Readonly<PrefixHit>;
  /**
   * What would be free then.
   * @param scheduledOf tokens of a slot in the planned step
   */
  freeWithout(slots: SlotSequence, scheduledOf: (slot: number) => number): number;
  /** Lets `slot` hold what the last look-up found, and blocks for `tokens` in all. */
  admit(slot: number, tokens: number): void;
  /** `slot`, which is about to give everything back, may want it again. */
  expectBack(slot: number): void;
  /** `slot` has ended; its first `tokens` are computed and known. */
  complete(slot: number, tokens: number): void;
  /** For how many steps, the planned one included, no look-up of the head could find more room. */
  stepsWithoutNews(most: number): number;
  /** Whether a block of that number can be found; see `BlockIdentity`. */
  finds(number: number): boolean;
  /** Forgets all that is cached, if nobody holds a block. Returns whether nobody did. */
  reset(): boolean;
}
