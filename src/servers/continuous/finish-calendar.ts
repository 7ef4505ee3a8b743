/**
 * Decoding sequences by the step of their last token: a ring of buckets, one a step, with a bitmap
 * of two levels over them. Adding and removing cost O(1); finding the next bucket costs a few words
 * and allocates nothing. No entry may lie `horizon` steps or more after the clock.
 */
export class FinishCalendar {
  readonly #mask: number;
  /** First slot of each bucket, -1 for none. */
  readonly #head: Int32Array;
  readonly #next: Int32Array;
  readonly #previous: Int32Array;
  /** Bit p of word p >> 5: bucket p holds someone. */
  readonly #full: Int32Array;
  /** Bit w of word w >> 5: word w of `#full` is not 0. */
  readonly #words: Int32Array;

  /**
   * @param slots slots are 0 … slots - 1
   * @param horizon steps that must fit the ring
   */
  constructor(slots: number, horizon: number) {
    let size = 1024;
    while (size <= horizon) size *= 2;
    this.#mask = size - 1;
    this.#head = new Int32Array(size).fill(-1);
    this.#next = new Int32Array(slots);
    this.#previous = new Int32Array(slots);
    this.#full = new Int32Array(size >> 5);
    this.#words = new Int32Array(size >> 10);
  }

  /** Enters `slot`, whose last token comes at step `at`. */
  add(slot: number, at: number): void {
    const bucket = at & this.#mask;
    const head = this.#head[bucket];
    this.#previous[slot] = -1;
    this.#next[slot] = head;
    if (head >= 0) this.#previous[head] = slot;
    else {
      this.#full[bucket >> 5] |= 1 << (bucket & 31);
      this.#words[bucket >> 10] |= 1 << ((bucket >> 5) & 31);
    }
    this.#head[bucket] = slot;
  }

  /** Takes `slot`, entered for step `at`, out. */
  remove(slot: number, at: number): void {
    const next = this.#next[slot], previous = this.#previous[slot];
    if (next >= 0) this.#previous[next] = previous;
    if (previous >= 0) {
      this.#next[previous] = next;
      return;
    }
    const bucket = at & this.#mask;
    this.#head[bucket] = next;
    if (next < 0) this.#clear(bucket);
  }

  /** Takes anyone entered for step `at` out; -1 when there is no one. */
  takeAt(at: number): number {
    const bucket = at & this.#mask;
    const slot = this.#head[bucket];
    if (slot < 0) return -1;
    const next = this.#next[slot];
    this.#head[bucket] = next;
    if (next < 0) this.#clear(bucket);
    else this.#previous[next] = -1;
    return slot;
  }

  /** Steps from `clock` to the next entry after it, which must exist. */
  stepsToNext(clock: number): number {
    const start = (clock + 1) & this.#mask;
    const bucket = this.#firstFrom(start);
    return ((bucket - start) & this.#mask) + 1;
  }

  /** The first full bucket at or after `start`, around the ring. */
  #firstFrom(start: number): number {
    const word = start >> 5;
    const rest = this.#full[word] & (-1 << (start & 31));
    if (rest !== 0) return (word << 5) + lowestBit(rest);
    const words = this.#words;
    let group = word >> 5;
    // A shift by 32 would be a shift by 0: bit 31 has nothing after it.
    let bits = (word & 31) === 31 ? 0 : words[group] & (-1 << ((word & 31) + 1));
    for (let tried = 0; bits === 0; tried++) {
      if (tried > words.length) throw new Error("the calendar is empty");
      group = group + 1 === words.length ? 0 : group + 1;
      bits = words[group];
    }
    const found = (group << 5) + lowestBit(bits);
    return (found << 5) + lowestBit(this.#full[found]);
  }

  #clear(bucket: number): void {
    const word = bucket >> 5;
    this.#full[word] &= ~(1 << (bucket & 31));
    if (this.#full[word] === 0) this.#words[word >> 5] &= ~(1 << (word & 31));
  }
}

function lowestBit(word: number): number {
  return 31 - Math.clz32(word & -word);
}
