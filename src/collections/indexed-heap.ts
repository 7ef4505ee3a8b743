import { widened } from "./widened.ts";

/**
 * Which entry of which heap holds a row: what makes it possible to take a waiting row out. Heaps of
 * which a row is in one at most (one queue per tier, say) share one.
 */
export class RowIndex {
  #entries = new Int32Array(64);
  /** Number of the heap that holds the row, from 1; 0: nobody. */
  #owners = new Uint8Array(64);
  #heaps = 0;

  /** A number for one more heap. */
  join(): number {
    if (this.#heaps === 255) throw new RangeError("An index serves 255 heaps at most");
    return ++this.#heaps;
  }

  holds(heap: number, row: number): boolean {
    return row < this.#owners.length && this.#owners[row] === heap;
  }

  isCurrent(heap: number, row: number, entry: number): boolean {
    return this.#owners[row] === heap && this.#entries[row] === entry;
  }

  enter(heap: number, row: number, entry: number): void {
    if (row >= this.#owners.length) this.#grow(row + 1);
    this.#owners[row] = heap;
    this.#entries[row] = entry;
  }

  leave(row: number): void {
    this.#owners[row] = 0;
  }

  #grow(least: number): void {
    const capacity = Math.max(least, this.#owners.length * 2);
    this.#entries = widened(this.#entries, capacity);
    this.#owners = widened(this.#owners, capacity);
  }
}

/** Children of a slot: four lie in one cache line of keys, and the tree is half as deep as with two. */
const ARITY = 4;

/**
 * A min-heap of row numbers ordered by a key, then a second key, then order of entry, with an index
 * by row so that a waiting row can be taken out (a client that gave up). What is taken out leaves an
 * entry behind that nobody holds any more; it is dropped when it comes to the head. Memory follows
 * the length of the queue; a push or a pop allocates nothing.
 *
 * @example
 * const heap = new IndexedHeap();
 * heap.push(7, 3.5); // row 7 with key 3.5
 * heap.pop(); // 7
 */
export class IndexedHeap {
  /** Rows held, and slots in use: as many, or more by what was taken out. */
  #size = 0;
  #slots = 0;
  #entered = 0;
  #rows = new Int32Array(64);
  #keys = new Float64Array(64);
  #ties = new Float64Array(64);
  #entries = new Int32Array(64);
  readonly #number: number;

  /** @param index shared by heaps of which a row is in one at most */
  constructor(private readonly index: RowIndex = new RowIndex()) {
    this.#number = index.join();
  }

  get size(): number {
    return this.#size;
  }

  /** Row at the head; -1 when empty. */
  get head(): number {
    return this.#size > 0 ? this.#rows[0] : -1;
  }

  /** First key of the head; NaN when empty. */
  get headKey(): number {
    return this.#size > 0 ? this.#keys[0] : NaN;
  }

  push(row: number, key: number, tie = 0): void {
    if (this.#slots === this.#rows.length) this.#grow();
    const entry = this.#entered++;
    this.index.enter(this.#number, row, entry);
    const keys = this.#keys, ties = this.#ties;
    let hole = this.#slots++;
    while (hole > 0) {
      const parent = ((hole - 1) / ARITY) | 0;
      // An equal one entered before and stays before.
      if (keys[parent] < key || (keys[parent] === key && ties[parent] <= tie)) break;
      this.#move(parent, hole);
      hole = parent;
    }
    this.#place(hole, row, key, tie, entry);
    this.#size++;
  }

  /** Takes the head out; -1 when empty. */
  pop(): number {
    if (this.#size === 0) return -1;
    const row = this.#rows[0];
    this.index.leave(row);
    this.#size--;
    this.#dropHead();
    this.#dropAbandoned();
    return row;
  }

  /** Takes `row` out wherever it stands; false when this heap does not hold it. */
  remove(row: number): boolean {
    if (!this.index.holds(this.#number, row)) return false;
    this.index.leave(row);
    this.#size--;
    this.#dropAbandoned();
    return true;
  }

  /** Drops entries at the head that nobody holds any more. */
  #dropAbandoned(): void {
    if (this.#size === 0) this.#slots = 0;
    while (
      this.#slots > 0 && !this.index.isCurrent(this.#number, this.#rows[0], this.#entries[0])
    ) this.#dropHead();
  }

  #dropHead(): void {
    const keys = this.#keys, ties = this.#ties, entries = this.#entries;
    const last = --this.#slots;
    const row = this.#rows[last], key = keys[last], tie = ties[last], entry = entries[last];
    let hole = 0;
    for (let first = 1; first < last; first = ARITY * hole + 1) {
      let best = first;
      const end = Math.min(first + ARITY, last);
      for (let child = first + 1; child < end; child++) {
        if (
          keys[child] < keys[best] || (keys[child] === keys[best] &&
            (ties[child] < ties[best] ||
              (ties[child] === ties[best] && entries[child] < entries[best])))
        ) best = child;
      }
      if (
        key < keys[best] || (key === keys[best] &&
          (tie < ties[best] || (tie === ties[best] && entry < entries[best])))
      ) break;
      this.#move(best, hole);
      hole = best;
    }
    this.#place(hole, row, key, tie, entry);
  }

  #move(from: number, to: number): void {
    this.#place(to, this.#rows[from], this.#keys[from], this.#ties[from], this.#entries[from]);
  }

  #place(slot: number, row: number, key: number, tie: number, entry: number): void {
    this.#rows[slot] = row;
    this.#keys[slot] = key;
    this.#ties[slot] = tie;
    this.#entries[slot] = entry;
  }

  #grow(): void {
    const capacity = this.#rows.length * 2;
    this.#rows = widened(this.#rows, capacity);
    this.#keys = widened(this.#keys, capacity);
    this.#ties = widened(this.#ties, capacity);
    this.#entries = widened(this.#entries, capacity);
  }
}
