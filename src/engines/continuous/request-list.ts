/** A list of requests of bounded length that is filled again and again without an allocation. */
export class RequestList {
  readonly items: Int32Array;
  size = 0;

  constructor(capacity: number) {
    this.items = new Int32Array(capacity);
  }

  push(request: number): void {
    this.items[this.size++] = request;
  }

  /** A copy, for people and tests. */
  toArray(): number[] {
    return Array.from(this.items.subarray(0, this.size));
  }
}
