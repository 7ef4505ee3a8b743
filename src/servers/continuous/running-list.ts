import type { RequestSequence } from "../policies/server-policy.ts";

/** The running sequences of the stepwise core, in order of admission. */
export class RunningList implements RequestSequence {
  readonly items: Int32Array;
  size = 0;

  constructor(maxSequences: number) {
    this.items = new Int32Array(maxSequences);
  }

  push(request: number): void {
    this.items[this.size++] = request;
  }

  /** Place of `request`; -1: it does not run. */
  placeOf(request: number): number {
    for (let place = 0; place < this.size; place++) {
      if (this.items[place] === request) return place;
    }
    return -1;
  }

  removeAt(place: number): void {
    this.items.copyWithin(place, place + 1, this.size--);
  }

  /** Takes out those whose entry in `ended` is not 0; shape (n), by request. */
  removeEnded(ended: Uint8Array): void {
    let kept = 0;
    for (let place = 0; place < this.size; place++) {
      const request = this.items[place];
      if (!ended[request]) this.items[kept++] = request;
    }
    this.size = kept;
  }
}
