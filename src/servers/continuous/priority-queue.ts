import { IndexedHeap } from "../../collections/indexed-heap.ts";
import type { WaitingQueue } from "./waiting-queue.ts";
import { widened } from "../../collections/widened.ts";

/**
 * Lowest priority number first, then the earlier arrival, then the lower request number, preempted
 * requests among the others by the same rule (vLLM reference §5.1). Requests must be added in order
 * of arrival, and at one instant by number: the order of adding stands for both.
 */
export class PriorityQueue implements WaitingQueue {
  readonly #heap = new IndexedHeap();
  #priority: Int32Array;
  #rank: Int32Array;
  #added = 0;

  /** @param priority shape (n), by request */
  constructor(priority: Int32Array) {
    this.#priority = priority;
    this.#rank = new Int32Array(priority.length);
  }

  /** Knows of more requests from now on. */
  grow(priority: Int32Array): void {
    this.#priority = priority;
    this.#rank = widened(this.#rank, priority.length);
  }

  get size(): number {
    return this.#heap.size;
  }

  get head(): number {
    return this.#heap.head;
  }

  add(request: number): void {
    this.#rank[request] = this.#added++;
    this.putBack(request);
  }

  putBack(request: number): void {
    this.#heap.push(request, this.#priority[request], this.#rank[request]);
  }

  pop(): void {
    this.#heap.pop();
  }

  remove(request: number): void {
    this.#heap.remove(request);
  }
}
