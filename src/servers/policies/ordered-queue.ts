import { IndexedHeap } from "../../collections/indexed-heap.ts";
import { widened } from "../../collections/widened.ts";
import type { WaitingQueue } from "./waiting-queue.ts";

/**
 * Smallest key first, then the earlier arrival, preempted requests among the others by the same
 * rule. A key is read when a request joins, new or preempted: it must not change while it waits.
 * Requests must be added in order of arrival, and at one instant by number: the order of adding
 * stands for both.
 *
 * @example
 * const queue = new OrderedQueue((request) => view.promptTokens[request]);
 */
export class OrderedQueue implements WaitingQueue {
  readonly #heap = new IndexedHeap();
  readonly #key: (request: number) => number;
  #rank = new Int32Array(64);
  #added = 0;

  /** @param key by request; smaller goes first */
  constructor(key: (request: number) => number) {
    this.#key = key;
  }

  get size(): number {
    return this.#heap.size;
  }

  get head(): number {
    return this.#heap.head;
  }

  add(request: number): void {
    if (request >= this.#rank.length) this.#rank = widened(this.#rank, 2 * request);
    this.#rank[request] = this.#added++;
    this.putBack(request);
  }

  putBack(request: number): void {
    this.#heap.push(request, this.#key(request), this.#rank[request]);
  }

  pop(): void {
    this.#heap.pop();
  }

  remove(request: number): void {
    this.#heap.remove(request);
  }
}
