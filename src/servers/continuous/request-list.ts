import type { RequestSequence } from "../policies/server-policy.ts";

/** A list of requests of bounded length that is filled again and again without an allocation. */
export class RequestList implements RequestSequence {
  readonly items: Int32Array;
  size = 0;

  constructor(capacity: number) {
    this.items = new Int32Array(capacity);
  }

  push(request: number): void {
    this.items[this.size++] = request;
  }

  has(request: number): boolean {
    for (let place = 0; place < this.size; place++) {
      if (this.items[place] === request) return true;
    }
    return false;
  }

  /** Takes `request` out; its former place, -1 when it was not there. */
  remove(request: number): number {
    const { items } = this;
    let place = 0;
    while (place < this.size && items[place] !== request) place++;
    if (place === this.size) return -1;
    items.copyWithin(place, place + 1, this.size--);
    return place;
  }

  /** A copy, for people and tests. */
  toArray(): number[] {
    return Array.from(this.items.subarray(0, this.size));
  }
}
