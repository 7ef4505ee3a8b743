import { widened } from "../../../collections/widened.ts";

/** The first of the names that a request gives its own blocks, downwards: others count from 0 up. */
export const FIRST_OWN_NAME = -1;

/** Name of a place in the queue that stands for blocks which nobody can find. */
const NOBODYS = -(2 ** 31);

/** Place of a name among those of its kind. */
function indexOf(name: number): number {
  return name >= 0 ? name : FIRST_OWN_NAME - name;
}

/**
 * vLLM's pool of KV blocks with a prefix cache (prefix caching reference, rules 1 and 4 to 6). Blocks
 * that nobody holds stand in a queue and are taken at its head. One that is full keeps its name and can
 * be found by it until it is taken.
 *
 * Which block is taken matters only where it can be found. So only those have a number here; others are
 * counted, and stand in the queue as many at one place. Blocks that are not full always stand before
 * all that are: they are put back in front, the others at the end. They are a number alone.
 */
export class BlockPool {
  /** Blocks that nobody holds. */
  free: number;
  readonly #blocks: number;
  /** Free ones that are not full. */
  #blank: number;
  // By block with a number, or place in the queue. Number 0 stands for neither: it closes the ring.
  /** Requests that hold the block. */
  readonly #holders: Int32Array;
  readonly #name: Int32Array;
  /** Blocks at a place that stands for several. */
  readonly #count: Int32Array;
  readonly #next: Int32Array;
  readonly #previous: Int32Array;
  /** Number of the release that put it into the queue. */
  readonly #queuedIn: Int32Array;
  #releases = 0;
  /** By block: the block of the same name that was named next; 0: none. */
  readonly #sameName: Int32Array;
  /** By block: the one named before it; of the first, the one named last. */
  readonly #namedBefore: Int32Array;
  /** Numbers not in use, as a stack. */
  readonly #unused: Int32Array;
  #unusedCount: number;
  /** By name: the block that was named first of those still there; 0: none. */
  #first: Int32Array = new Int32Array(1024);
  /** The same by {@link FIRST_OWN_NAME} less the name. */
  #firstOwn: Int32Array = new Int32Array(0);

  /** @param blocks all blocks, the null block among them */
  constructor(blocks: number) {
    this.#blocks =
      this.free =
      this.#blank =
      this.#unusedCount =
        blocks - 1;
    this.#holders = new Int32Array(blocks);
    this.#name = new Int32Array(blocks);
    this.#count = new Int32Array(blocks);
    this.#next = new Int32Array(blocks);
    this.#previous = new Int32Array(blocks);
    this.#queuedIn = new Int32Array(blocks);
    this.#sameName = new Int32Array(blocks);
    this.#namedBefore = new Int32Array(blocks);
    this.#unused = Int32Array.from({ length: blocks - 1 }, (_, i) => blocks - 1 - i);
  }

  /** The block that is found under `name`; 0: none. */
  find(name: number): number {
    const index = indexOf(name);
    const first = name >= 0 ? this.#first : this.#firstOwn;
    return index < first.length ? first[index] : 0;
  }

  /** Requests that hold `block`. */
  holders(block: number): number {
    return this.#holders[block];
  }

  /** Which release put `block`, which is free, into the queue: later is larger. */
  queuedIn(block: number): number {
    return this.#queuedIn[block];
  }

  /** Takes `count` blocks at the head; so many must be free. They lose their names. */
  take(count: number): void {
    this.free -= count;
    if (count <= this.#blank) {
      this.#blank -= count;
      return;
    }
    count -= this.#blank;
    this.#blank = 0;
    while (count > 0) {
      const place = this.#next[0], name = this.#name[place];
      if (name === NOBODYS) {
        if (this.#count[place] > count) {
          this.#count[place] -= count;
          return;
        }
        count -= this.#count[place];
      } else {
        this.#forget(place, name);
        count--;
      }
      this.#unlink(place);
      this.#unused[this.#unusedCount++] = place;
    }
  }

  /** Takes a block that was found; others may hold it, too. */
  share(block: number): void {
    if (this.#holders[block]++ > 0) return;
    this.free--;
    this.#unlink(block);
  }

  /** Lets a block that somebody has just filled be found as `name`. Returns its number. */
  call(name: number): number {
    const block = this.#unused[--this.#unusedCount];
    this.#holders[block] = 1;
    this.#name[block] = name;
    this.#sameName[block] = 0;
    const index = indexOf(name);
    let first = name >= 0 ? this.#first : this.#firstOwn;
    if (index >= first.length) {
      first = widened(first, 2 * index + 64);
      if (name >= 0) this.#first = first;
      else this.#firstOwn = first;
    }
    const oldest = first[index];
    if (oldest === 0) {
      first[index] = this.#namedBefore[block] = block;
      return block;
    }
    const last = this.#namedBefore[oldest];
    this.#sameName[last] = block;
    this.#namedBefore[block] = last;
    this.#namedBefore[oldest] = block;
    return block;
  }

  /**
   * Gives back what a request holds: from its end on, so that the begin of a prompt is kept longest.
   * @param table numbers of its blocks, where the first `numbered` stand from `start` on
   * @param full blocks after these that are full
   * @param blank blocks after those that are not
   */
  release(
    table: Int32Array,
    start: number,
    { numbered, full, blank }: {
      readonly numbered: number;
      readonly full: number;
      readonly blank: number;
    },
  ): void {
    this.#releases++;
    this.#blank += blank;
    this.free += blank + full;
    if (full > 0) {
      const place = this.#unused[--this.#unusedCount];
      this.#name[place] = NOBODYS;
      this.#count[place] = full;
      this.#append(place);
    }
    for (let i = start + numbered - 1; i >= start; i--) {
      const block = table[i];
      if (--this.#holders[block] > 0) continue;
      this.free++;
      this.#queuedIn[block] = this.#releases;
      this.#append(block);
    }
  }

  /** Forgets all names, if nobody holds a block. Returns whether it did. */
  reset(): boolean {
    if (this.free < this.#blocks) return false;
    this.take(this.#blocks);
    this.free = this.#blank = this.#blocks;
    return true;
  }

  #append(place: number): void {
    const last = this.#previous[0];
    this.#next[last] = place;
    this.#previous[place] = last;
    this.#next[place] = 0;
    this.#previous[0] = place;
  }

  #unlink(place: number): void {
    const next = this.#next[place], previous = this.#previous[place];
    this.#next[previous] = next;
    this.#previous[next] = previous;
  }

  #forget(block: number, name: number): void {
    const index = indexOf(name);
    const first = name >= 0 ? this.#first : this.#firstOwn;
    const after = this.#sameName[block], before = this.#namedBefore[block];
    const oldest = first[index];
    if (oldest === block) first[index] = after;
    else this.#sameName[before] = after;
    // Who comes after it, or else the oldest, knows the one before.
    if (after !== 0) this.#namedBefore[after] = before;
    else this.#namedBefore[oldest] = before;
  }
}
