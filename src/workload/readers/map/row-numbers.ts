/** Lines of the rows that were kept, as the few places at which lines are left out. */
export class RowNumbers {
  /** Index of a row, and how far its line and those after it are ahead of theirs. */
  readonly #from: number[] = [];
  readonly #ahead: number[] = [];
  /** Rows so far. */
  size = 0;

  push(row: number): void {
    const ahead = row - this.size;
    if (this.#ahead.at(-1) !== ahead) {
      this.#from.push(this.size);
      this.#ahead.push(ahead);
    }
    this.size++;
  }

  /** The line of the row at an index. */
  at(index: number): number {
    let [low, high] = [0, this.#from.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.#from[middle] <= index) low = middle;
      else high = middle - 1;
    }
    return index + (this.#ahead[low] ?? 0);
  }
}
