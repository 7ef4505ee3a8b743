import { blocksFor } from "./blocks-for.ts";
import { DecodingCohort } from "./decoding-cohort.ts";

const UNCOUNTED = -1;

/**
 * Who holds how many KV blocks, by slot: the skipping core's account. Sequences that decode hold
 * theirs as a cohort, of which only totals are known without a visit; those outside it hold theirs
 * one by one. On top come the blocks that the cohort takes in the step being planned.
 */
export class CohortLedger {
  readonly cohort: DecodingCohort;
  readonly #usable: number;
  readonly #blockSize: number;
  /** Blocks held, of those outside the cohort. */
  readonly #held: Int32Array;
  #heldOutside = 0;
  /** Blocks that the planned step takes for the cohort: counted when someone asks. */
  #planned = 0;

  /**
   * @param blocks all blocks, the null block among them
   * @param blockSize tokens of KV in a block
   * @param slots slots are 0 … slots - 1
   * @param longest tokens that a sequence may decode at most
   */
  constructor(blocks: number, blockSize: number, slots: number, longest: number) {
    this.cohort = new DecodingCohort(slots, blockSize, longest);
    this.#usable = blocks - 1;
    this.#blockSize = blockSize;
    this.#held = new Int32Array(slots);
  }

  /** Blocks that nobody holds or takes in the planned step. */
  get free(): number {
    if (this.#planned === UNCOUNTED) this.#planned = this.cohort.crossings(0);
    return this.#usable - this.#heldOutside - this.#planned - this.cohort.blocks;
  }

  /** Whether `blocks` are free. The exact count is only made when a bound does not decide it. */
  hasFree(blocks: number): boolean {
    const room = (this.#usable - this.#heldOutside - blocks) * this.#blockSize;
    return this.cohort.tokensHeldAtMost(1) <= room || blocks <= this.free;
  }

  /** How many of `most` steps of the cohort, the planned one included, there are blocks for. */
  stepsThatFit(most: number): number {
    const room = (this.#usable - this.#heldOutside) * this.#blockSize;
    return this.cohort.tokensHeldAtMost(most) <= room
      ? most
      : this.cohort.stepsThatFit(this.free, most);
  }

  blocksFor(tokens: number): number {
    return blocksFor(tokens, this.#blockSize);
  }

  /** Blocks of `slot`, which is outside the cohort. */
  held(slot: number): number {
    return this.#held[slot];
  }

  /** Lets `slot`, which is outside the cohort, hold the blocks of `tokens`. */
  hold(slot: number, tokens: number): void {
    const blocks = this.blocksFor(tokens);
    this.#heldOutside += blocks - this.#held[slot];
    this.#held[slot] = blocks;
  }

  /** Takes back what `slot`, which is outside the cohort, holds. */
  release(slot: number): void {
    this.#heldOutside -= this.#held[slot];
    this.#held[slot] = 0;
  }

  /** Lets `slot` into the cohort, with its blocks. */
  join(slot: number, computed: number, left: number): void {
    this.release(slot);
    this.cohort.start(slot, computed, left);
  }

  /** Takes `slot` out of the cohort; it keeps its blocks. Returns the tokens it has computed. */
  part(slot: number): number {
    const computed = this.cohort.stop(slot);
    this.hold(slot, computed);
    return computed;
  }

  /** Plans a step of the whole cohort. */
  planAll(): void {
    this.#planned = UNCOUNTED;
  }

  /** Plans a step of nobody in the cohort yet. */
  planNone(): void {
    this.#planned = 0;
  }

  /** Lets `slot` of the cohort take what it needs in the planned step. */
  plan(slot: number): void {
    if (this.cohort.crosses(slot)) this.#planned++;
  }

  /** Takes `slot` of the cohort out of the planned step, in which it was. */
  unplan(slot: number): void {
    // What is not counted yet is counted without it, once it has left the cohort.
    if (this.#planned !== UNCOUNTED && this.cohort.crosses(slot)) this.#planned--;
  }

  /** Takes the planned step, `n` times. */
  advance(n: number): void {
    this.#planned = 0;
    this.cohort.advance(n);
  }
}
