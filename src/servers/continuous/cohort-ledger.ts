import { blocksFor } from "./blocks-for.ts";
import { DecodingCohort } from "./decoding-cohort.ts";
import { NO_HIT, type PrefixHit } from "./prefix/prefix-hit.ts";
import type { SlotLedger, SlotSequence } from "./slot-ledger.ts";

const UNCOUNTED = -1;

/**
 * {@link SlotLedger} of a server without a prefix cache. Blocks are only counted: those of the cohort
 * as totals, without a visit; those of the planned step when someone asks.
 */
export class CohortLedger implements SlotLedger {
  readonly cohort: DecodingCohort;
  readonly heedsTurns = false;
  readonly remembers = false;
  readonly #usable: number;
  readonly #blockSize: number;
  /** Blocks held, of those outside the cohort. */
  readonly #held: Int32Array;
  #heldOutside = 0;
  readonly #decodes: Uint8Array;
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
    this.#decodes = new Uint8Array(slots);
  }

  get free(): number {
    if (this.#planned === UNCOUNTED) this.#planned = this.cohort.crossings(0);
    return this.#usable - this.#heldOutside - this.#planned - this.cohort.blocks;
  }

  /** The exact count is only made when a bound does not decide it. */
  hasFree(blocks: number): boolean {
    const room = (this.#usable - this.#heldOutside - blocks) * this.#blockSize;
    return this.cohort.tokensHeldAtMost(1) <= room || blocks <= this.free;
  }

  stepsThatFit(most: number): number {
    const room = (this.#usable - this.#heldOutside) * this.#blockSize;
    return this.cohort.tokensHeldAtMost(most) <= room
      ? most
      : this.cohort.stepsThatFit(this.free, most);
  }

  blocksFor(tokens: number): number {
    return blocksFor(tokens, this.#blockSize);
  }

  held(slot: number): number {
    return this.#held[slot];
  }

  hold(slot: number, tokens: number): void {
    const blocks = this.blocksFor(tokens);
    this.#heldOutside += blocks - this.#held[slot];
    this.#held[slot] = blocks;
  }

  release(slot: number): void {
    this.#heldOutside -= this.#held[slot];
    this.#held[slot] = 0;
  }

  join(slot: number, computed: number, left: number): void {
    this.release(slot);
    this.#decodes[slot] = 1;
    this.cohort.start(slot, computed, left);
  }

  part(slot: number): number {
    const computed = this.cohort.stop(slot);
    this.#decodes[slot] = 0;
    this.hold(slot, computed);
    return computed;
  }

  planAll(): void {
    this.#planned = UNCOUNTED;
  }

  planNone(): void {
    this.#planned = 0;
  }

  plan(slot: number): void {
    if (this.cohort.crosses(slot)) this.#planned++;
  }

  unplan(slot: number): void {
    // What is not counted yet is counted without it, once it has left the cohort.
    if (this.#planned !== UNCOUNTED && this.cohort.crosses(slot)) this.#planned--;
  }

  advance(n: number): void {
    this.#planned = 0;
    this.cohort.advance(n);
  }

  takeFree(): void {}
  settle(): void {}
  settleOne(): void {}

  passOver(): void {}

  delay(slot: number): void {
    this.cohort.delay(slot);
  }

  lookUp(): Readonly<PrefixHit> {
    return NO_HIT;
  }

  peek(): number {
    return 0;
  }

  hitWithout(): Readonly<PrefixHit> {
    return NO_HIT;
  }

  freeWithout({ items, size }: SlotSequence, scheduledOf: (slot: number) => number): number {
    let { free } = this;
    for (let i = 0; i < size; i++) {
      const slot = items[i];
      free += this.#decodes[slot] === 0
        ? this.#held[slot]
        : this.blocksFor(this.cohort.computed(slot) + scheduledOf(slot));
    }
    return free;
  }

  admit(slot: number, tokens: number): void {
    this.hold(slot, tokens);
  }

  expectBack(): void {}
  complete(): void {}

  stepsWithoutNews(most: number): number {
    return most;
  }

  finds(_number: number): boolean {
    return false;
  }

  reset(): boolean {
    return this.free === this.#usable;
  }
}
