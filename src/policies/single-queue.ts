import { IndexedHeap } from "../collections/indexed-heap.ts";
import type { Policy } from "./policy.ts";

/** A policy that is one queue over all tiers, ordered by keys that do not change while waiting. */
export function singleQueue(
  keyOf: (request: number) => number,
  tieOf: (request: number) => number = () => 0,
): Policy {
  const heap = new IndexedHeap();
  return {
    get size() {
      return heap.size;
    },
    push: (request) => heap.push(request, keyOf(request), tieOf(request)),
    pop: () => heap.pop(),
    remove: (request) => heap.remove(request),
  };
}
