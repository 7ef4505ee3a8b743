import { widened } from "../../../collections/widened.ts";

/** Has no content that could be found again. */
const BLANK = -1;
/** Full, of a request's own: nobody looks for it. */
export const OWN = -2;
/** The first of the names that a request gives its own blocks, downwards: others count from 0 up. */
export const FIRST_OWN_NAME = -3;

/**
 * vLLM's pool of KV blocks with a prefix cache (prefix caching reference, rules 1 and 4 to 6). Blocks
 * that nobody holds stand in a queue and are taken at its head. One that is full keeps its name and can
 * be found by it until it is taken.
 *
 * Blocks without a name always stand before those with one: they are put back in front, the others at
 * the end. Which of them is taken makes no difference, so they are a stack here, and the queue has only
 * the named ones. Block 0 is the null block, never given away: here it is the end of the queue's ring.
 */
export class BlockPool {
  /** Blocks that nobody holds. */
  free: number;
  readonly #refs: Int32Array;
  /** By block: {@link BLANK}, {@link OWN}, or a name. */
  readonly #name: Int32Array;
  readonly #blank: Int32Array;
  #blanks: number;
  /** The queue of named free blocks: a ring through block 0. */
  readonly #next: Int32Array;
  readonly #previous: Int32Array;
  /** By block: number of the release that put it into the queue. */
  readonly #queuedAs: Float64Array;
  #queued = 0;
  /** By name: the block that was named first of those still there; 0: none. */
  #first: Int32Array = new Int32Array(1024);
  /** The same by {@link FIRST_OWN_NAME} less the name. */
  #firstOwn: Int32Array = new Int32Array(0);
  /** By block: the block of the same name that was named next; 0: none. */
  readonly #sameName: Int32Array;

  /** @param blocks all blocks, the null block among them */
  constructor(blocks: number) {
    this.free = this.#blanks = blocks - 1;
    this.#refs = new Int32Array(blocks);
    this.#name = new Int32Array(blocks).fill(BLANK);
    this.#blank = Int32Array.from({ length: blocks - 1 }, (_, i) => blocks - 1 - i);
    this.#next = new Int32Array(blocks);
    this.#previous = new Int32Array(blocks);
    this.#queuedAs = new Float64Array(blocks);
    this.#sameName = new Int32Array(blocks);
  }

  /** Free blocks that no look-up can find: taking so many makes nothing forgotten. */
  get blanks(): number {
    return this.#blanks;
  }

  /** The block that is found under `name`; 0: none. */
  find(name: number): number {
    const index = name >= 0 ? name : FIRST_OWN_NAME - name;
    const first = name >= 0 ? this.#first : this.#firstOwn;
    return index < first.length ? first[index] : 0;
  }

  isFree(block: number): boolean {
    return this.#refs[block] === 0;
  }

  /** Requests that hold `block`. */
  holders(block: number): number {
    return this.#refs[block];
  }

  /** When `block`, which is free and named, was put into the queue: later is larger. */
  queuedAs(block: number): number {
    return this.#queuedAs[block];
  }

  /** Takes the block at the head; one must be free. It loses its name. */
  take(): number {
    this.free--;
    let block: number;
    if (this.#blanks > 0) block = this.#blank[--this.#blanks];
    else {
      block = this.#next[0];
      this.#unlink(block);
      const name = this.#name[block];
      if (name !== OWN) this.#forget(block, name);
      this.#name[block] = BLANK;
    }
    this.#refs[block] = 1;
    return block;
  }

  /** Takes a block that was found; others may hold it, too. */
  share(block: number): void {
    if (this.#refs[block]++ === 0) {
      this.free--;
      this.#unlink(block);
    }
  }

  /** Gives a block back; a request gives its last block back first. */
  release(block: number): void {
    if (--this.#refs[block] > 0) return;
    this.free++;
    if (this.#name[block] === BLANK) {
      this.#blank[this.#blanks++] = block;
      return;
    }
    const last = this.#previous[0];
    this.#next[last] = block;
    this.#previous[block] = last;
    this.#next[block] = 0;
    this.#previous[0] = block;
    this.#queuedAs[block] = this.#queued++;
  }

  /** Lets a held block, which is full, be found as `name`; {@link OWN}: by nobody. */
  call(block: number, name: number): void {
    this.#name[block] = name;
    if (name === OWN) return;
    const index = name >= 0 ? name : FIRST_OWN_NAME - name;
    let first = name >= 0 ? this.#first : this.#firstOwn;
    if (index >= first.length) {
      first = widened(first, 2 * index + 64);
      if (name >= 0) this.#first = first;
      else this.#firstOwn = first;
    }
    this.#sameName[block] = 0;
    let other = first[index];
    if (other === 0) {
      first[index] = block;
      return;
    }
    while (this.#sameName[other] !== 0) other = this.#sameName[other];
    this.#sameName[other] = block;
  }

  /** Forgets all names, if nobody holds a block. Returns whether it did. */
  reset(): boolean {
    if (this.free < this.#refs.length - 1) return false;
    for (let block = this.#next[0]; block !== 0; block = this.#next[block]) {
      this.#blank[this.#blanks++] = block;
    }
    this.#next[0] = this.#previous[0] = 0;
    this.#name.fill(BLANK);
    this.#first.fill(0);
    this.#firstOwn.fill(0);
    return true;
  }

  #unlink(block: number): void {
    const next = this.#next[block], previous = this.#previous[block];
    this.#next[previous] = next;
    this.#previous[next] = previous;
  }

  #forget(block: number, name: number): void {
    const index = name >= 0 ? name : FIRST_OWN_NAME - name;
    const first = name >= 0 ? this.#first : this.#firstOwn;
    const after = this.#sameName[block];
    let other = first[index];
    if (other === block) {
      first[index] = after;
      return;
    }
    while (this.#sameName[other] !== block) other = this.#sameName[other];
    this.#sameName[other] = after;
  }
}
