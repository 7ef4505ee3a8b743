import type { WaitingQueue } from "./waiting-queue.ts";

/**
 * First come, first served, as a ring that grows: arrivals join at the back, preempted requests at
 * the front, the last preempted first (vLLM reference §5.5).
 */
export class FcfsQueue implements WaitingQueue {
  readonly keepsHead = true;
  #ring = new Int32Array(64);
  #first = 0;
  #size = 0;

  get size(): number {
    return this.#size;
  }

  get head(): number {
    return this.#size > 0 ? this.#ring[this.#first] : -1;
  }

  add(request: number): void {
    if (this.#size === this.#ring.length) this.#grow();
    this.#ring[(this.#first + this.#size++) & (this.#ring.length - 1)] = request;
  }

  putBack(request: number): void {
    if (this.#size === this.#ring.length) this.#grow();
    this.#first = (this.#first - 1) & (this.#ring.length - 1);
    this.#ring[this.#first] = request;
    this.#size++;
  }

  pop(): void {
    this.#first = (this.#first + 1) & (this.#ring.length - 1);
    this.#size--;
  }

  remove(request: number): void {
    const mask = this.#ring.length - 1;
    let place = 0;
    while (place < this.#size && this.#ring[(this.#first + place) & mask] !== request) place++;
    if (place === this.#size) return;
    for (this.#size--; place < this.#size; place++) {
      this.#ring[(this.#first + place) & mask] = this.#ring[(this.#first + place + 1) & mask];
    }
  }

  #grow(): void {
    const wider = new Int32Array(this.#ring.length * 2);
    const front = this.#ring.subarray(this.#first);
    wider.set(front);
    wider.set(this.#ring.subarray(0, this.#first), front.length);
    this.#ring = wider;
    this.#first = 0;
  }
}
