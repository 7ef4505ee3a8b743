/** The columns that a generator draws, row by row, without an object a row. */
export class GrowingColumns {
  size = 0;
  arrival: Float64Array<ArrayBuffer>;
  /** Class of each request, among those of all streams. */
  classOf: Uint16Array<ArrayBuffer>;
  promptTokens: Int32Array<ArrayBuffer>;
  outputTokens: Int32Array<ArrayBuffer>;
  maxTokens: Int32Array<ArrayBuffer>;

  constructor(capacity: number) {
    this.arrival = new Float64Array(capacity);
    this.classOf = new Uint16Array(capacity);
    this.promptTokens = new Int32Array(capacity);
    this.outputTokens = new Int32Array(capacity);
    this.maxTokens = new Int32Array(capacity);
  }

  /** Makes room for one more row. */
  reserve(): void {
    if (this.size < this.arrival.length) return;
    this.#resize(Math.max(1024, 2 * this.size));
  }

  /** Gives back what was reserved and not filled. */
  trim(): void {
    if (this.size < this.arrival.length) this.#resize(this.size);
  }

  #resize(capacity: number): void {
    const keep = <T extends Float64Array | Uint16Array | Int32Array>(column: T, wider: T): T => {
      wider.set(column.subarray(0, this.size));
      return wider;
    };
    this.arrival = keep(this.arrival, new Float64Array(capacity));
    this.classOf = keep(this.classOf, new Uint16Array(capacity));
    this.promptTokens = keep(this.promptTokens, new Int32Array(capacity));
    this.outputTokens = keep(this.outputTokens, new Int32Array(capacity));
    this.maxTokens = keep(this.maxTokens, new Int32Array(capacity));
  }
}
