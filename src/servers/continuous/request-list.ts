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

  /** Place of `request`; -1: it is not in the list. */
  placeOf(request: number): number {
    for (let place = 0; place < this.size; place++) {
      if (this.items[place] === request) return place;
    }
    return -1;
  }

  has(request: number): boolean {
    return this.placeOf(request) >= 0;
  }

  removeAt(place: number): void {
    this.items.copyWithin(place, place + 1, this.size--);
  }

  /** Takes `request` out; its former place, -1 when it was not there. */
  remove(request: number): number {
    const place = this.placeOf(request);
    if (place >= 0) this.removeAt(place);
    return place;
  }

  /** A copy, for people and tests. */
  toArray(): number[] {
    return Array.from(this.items.subarray(0, this.size));
  }
}
