import { widened } from "../../collections/widened.ts";
import type { RequestList } from "./request-list.ts";

/**
 * The running sequences of the skipping core, in order of admission, as a list of linked slots: a
 * slot stays where it is while others come and go, so that columns can be indexed by it. Columns are
 * for reading; -1 ends the list.
 */
export class LinkedSlots {
  /** Slots taken. */
  size = 0;
  head = -1;
  tail = -1;
  readonly request: Int32Array;
  readonly next: Int32Array;
  readonly #previous: Int32Array;
  /** Number of the admission, by slot. */
  readonly #admission: Float64Array;
  #admissions = 0;
  readonly #free: Int32Array;
  /** By request: its slot, plus one; 0: none. Kept once somebody asked. */
  #slotOf: Int32Array | null = null;

  constructor(slots: number) {
    this.request = new Int32Array(slots);
    this.next = new Int32Array(slots);
    this.#previous = new Int32Array(slots);
    this.#admission = new Float64Array(slots);
    this.#free = Int32Array.from({ length: slots }, (_, i) => slots - 1 - i);
  }

  /** Gives `request` a slot at the end of the list; one must be free. */
  enter(request: number): number {
    const slot = this.#free[this.#free.length - ++this.size];
    this.request[slot] = request;
    this.#admission[slot] = this.#admissions++;
    this.next[slot] = -1;
    this.#previous[slot] = this.tail;
    if (this.tail >= 0) this.next[this.tail] = slot;
    else this.head = slot;
    this.tail = slot;
    if (this.#slotOf !== null) this.#index(request, slot + 1);
    return slot;
  }

  /** Takes `slot` out. Its links stay, so that a walk can go on from it. */
  leave(slot: number): void {
    const next = this.next[slot], previous = this.#previous[slot];
    if (next >= 0) this.#previous[next] = previous;
    else this.tail = previous;
    if (previous >= 0) this.next[previous] = next;
    else this.head = next;
    this.#free[this.#free.length - this.size--] = slot;
    if (this.#slotOf !== null) this.#index(this.request[slot], 0);
  }

  /** The slot at a place of the list, counted from 0. */
  at(place: number): number {
    let slot = this.head;
    for (; place > 0; place--) slot = this.next[slot];
    return slot;
  }

  /** The slot of `request`; -1: it does not run. Fast from the second call on. */
  slotOf(request: number): number {
    if (this.#slotOf === null) {
      this.#slotOf = new Int32Array(request + 1);
      for (let slot = this.head; slot >= 0; slot = this.next[slot]) {
        this.#index(this.request[slot], slot + 1);
      }
    }
    return request < this.#slotOf.length ? this.#slotOf[request] - 1 : -1;
  }

  #index(request: number, entry: number): void {
    let index = this.#slotOf!;
    if (request >= index.length) index = this.#slotOf = widened(index, 2 * request + 64);
    index[request] = entry;
  }

  /** Whether `slot` was admitted before `other`. */
  isBefore(slot: number, other: number): boolean {
    return this.#admission[slot] < this.#admission[other];
  }

  /** Writes the requests of the list into `into`, in its order. */
  copyTo(into: RequestList): void {
    into.size = 0;
    for (let slot = this.head; slot >= 0; slot = this.next[slot]) into.push(this.request[slot]);
  }
}
