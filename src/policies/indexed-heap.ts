/** Where each row stands in its heap: slot + 1, 0 for "not held". Heaps may share one index. */
export class RowIndex {
  #slots = new Int32Array(64);

  get(row: number): number {
    return row < this.#slots.length ? this.#slots[row] - 1 : -1;
  }

  set(row: number, slot: number): void {
    if (row >= this.#slots.length) {
      const grown = new Int32Array(Math.max(row + 1, this.#slots.length * 2));
      grown.set(this.#slots);
      this.#slots = grown;
    }
    this.#slots[row] = slot + 1;
  }
}

/**
 * A binary min-heap of row numbers ordered by a key, then a second key, then order of entry, with
 * an index by row so that a waiting row can be taken out (a client that gave up). Memory follows
 * the length of the queue; a push or a pop allocates nothing.
 *
 * @example
 * const heap = new IndexedHeap();
 * heap.push(7, 3.5); // row 7 with key 3.5
 * heap.pop(); // 7
 */
export class IndexedHeap {
  #size = 0;
  #entered = 0;
  #rows = new Int32Array(64);
  #keys = new Float64Array(64);
  #ties = new Float64Array(64);
  #orders = new Float64Array(64);

  /** @param index shared by heaps of which a row is in one at most (one queue per tier, say). */
  constructor(private readonly index: RowIndex = new RowIndex()) {}

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
    if (this.#size === this.#rows.length) this.#grow();
    this.#siftUp(this.#size++, row, key, tie, this.#entered++);
  }

  /** Takes the head out; -1 when empty. */
  pop(): number {
    if (this.#size === 0) return -1;
    const row = this.#rows[0];
    this.#removeSlot(0);
    return row;
  }

  /** Takes `row` out wherever it stands; false when this heap does not hold it. */
  remove(row: number): boolean {
    const slot = this.index.get(row);
    if (slot < 0 || slot >= this.#size || this.#rows[slot] !== row) return false;
    this.#removeSlot(slot);
    return true;
  }

  #removeSlot(slot: number): void {
    this.index.set(this.#rows[slot], -1);
    const last = --this.#size;
    if (slot === last) return;
    const row = this.#rows[last], key = this.#keys[last], tie = this.#ties[last];
    const order = this.#orders[last];
    if (slot > 0 && this.#before(key, tie, order, (slot - 1) >> 1)) {
      this.#siftUp(slot, row, key, tie, order);
    } else {
      this.#siftDown(slot, row, key, tie, order);
    }
  }

  /** Whether an entry with these keys goes before the one in `slot`. */
  #before(key: number, tie: number, order: number, slot: number): boolean {
    if (key !== this.#keys[slot]) return key < this.#keys[slot];
    if (tie !== this.#ties[slot]) return tie < this.#ties[slot];
    return order < this.#orders[slot];
  }

  #siftUp(hole: number, row: number, key: number, tie: number, order: number): void {
    while (hole > 0) {
      const parent = (hole - 1) >> 1;
      if (!this.#before(key, tie, order, parent)) break;
      this.#move(parent, hole);
      hole = parent;
    }
    this.#place(hole, row, key, tie, order);
  }

  #siftDown(hole: number, row: number, key: number, tie: number, order: number): void {
    const size = this.#size;
    for (let child = 2 * hole + 1; child < size; child = 2 * hole + 1) {
      const right = child + 1;
      if (
        right < size &&
        this.#before(this.#keys[right], this.#ties[right], this.#orders[right], child)
      ) child = right;
      if (this.#before(key, tie, order, child)) break;
      this.#move(child, hole);
      hole = child;
    }
    this.#place(hole, row, key, tie, order);
  }

  #move(from: number, to: number): void {
    this.#place(to, this.#rows[from], this.#keys[from], this.#ties[from], this.#orders[from]);
  }

  #place(slot: number, row: number, key: number, tie: number, order: number): void {
    this.#rows[slot] = row;
    this.#keys[slot] = key;
    this.#ties[slot] = tie;
    this.#orders[slot] = order;
    this.index.set(row, slot);
  }

  #grow(): void {
    const capacity = this.#rows.length * 2;
    const wider = (from: Float64Array) => {
      const into = new Float64Array(capacity);
      into.set(from);
      return into;
    };
    const rows = new Int32Array(capacity);
    rows.set(this.#rows);
    this.#rows = rows;
    this.#keys = wider(this.#keys);
    this.#ties = wider(this.#ties);
    this.#orders = wider(this.#orders);
  }
}
