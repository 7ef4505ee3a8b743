import { IndexedHeap, RowIndex } from "../collections/indexed-heap.ts";
import type { PolicyView } from "./policy.ts";

/** One first-in-first-out queue per tier: earliest arrival first, equal arrivals in order of entry. */
export class TierQueues {
  readonly queues: readonly IndexedHeap[];
  #size = 0;

  constructor(private readonly view: PolicyView) {
    const index = new RowIndex();
    this.queues = Array.from({ length: view.tierCount }, () => new IndexedHeap(index));
  }

  get size(): number {
    return this.#size;
  }

  push(request: number): void {
    this.queues[this.view.tier[request]].push(request, this.view.queuedAt[request]);
    this.#size++;
  }

  /** Takes the head of tier `tier` out; -1 when that queue is empty. */
  popTier(tier: number): number {
    const request = this.queues[tier].pop();
    if (request >= 0) this.#size--;
    return request;
  }

  remove(request: number): boolean {
    const removed = this.queues[this.view.tier[request]].remove(request);
    if (removed) this.#size--;
    return removed;
  }
}
