/**
 * The sum of a stream's values, oldest to newest, in buckets of 1, 2, 4, … values: at most
 * `maxBuckets` of a size, the two oldest of it being joined when there would be more. n values take
 * O(maxBuckets · log n) numbers. Source: Datar, Gionis, Indyk and Motwani, "Maintaining stream
 * statistics over sliding windows", SIAM Journal on Computing 31 (2002).
 */
export class ExponentialHistogram {
  /** Totals of the buckets that hold 2^row values, oldest first. */
  readonly #rows: number[][] = [[]];
  #total = 0;
  #count = 0;

  constructor(readonly maxBuckets: number) {}

  /** Number of values. */
  get count(): number {
    return this.#count;
  }

  /** Sum of all values. */
  get total(): number {
    return this.#total;
  }

  push(value: number): void {
    this.#count++;
    this.#total += value;
    const rows = this.#rows;
    rows[0].push(value);
    for (let row = 0; rows[row].length > this.maxBuckets; row++) {
      if (row + 1 === rows.length) rows.push([]);
      const [older, newer] = rows[row].splice(0, 2);
      rows[row + 1].push(older + newer);
    }
  }

  /**
   * Whether `holds` for some cut between two buckets, from the oldest to the newest.
   *
   * @param holds takes number and sum of the values before the cut
   */
  someCut(holds: (count: number, total: number) => boolean): boolean {
    let count = 0, total = 0;
    for (let row = this.#rows.length - 1; row >= 0; row--) {
      for (const bucket of this.#rows[row]) {
        count += 2 ** row;
        total += bucket;
        if (count < this.#count && holds(count, total)) return true;
      }
    }
    return false;
  }
}
