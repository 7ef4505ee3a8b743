import fc from "fast-check";
import { expect, test } from "vitest";
import { OrderedQueue } from "../../../src/servers/policies/ordered-queue.ts";

function drain(queue: OrderedQueue): number[] {
  const order: number[] = [];
  for (; queue.size > 0; queue.pop()) order.push(queue.head);
  return order;
}

test("the lower key goes first, among equals who came first, preempted ones too", () => {
  const keys = [1, 0, 1, 0, -1];
  const queue = new OrderedQueue((request) => keys[request]);
  for (const request of [0, 1, 2, 3, 4]) queue.add(request);
  for (let i = 0; i < 3; i++) queue.pop();
  expect(queue.head).toBe(0);
  queue.pop();
  // Preempted in another order than they came.
  for (const request of [3, 0, 1]) queue.putBack(request);
  expect(drain(queue)).toEqual([1, 3, 0, 2]);
});

test("a request is taken out wherever it stands", () => {
  const queue = new OrderedQueue(() => 0);
  for (const request of [0, 1, 2, 3]) queue.add(request);
  queue.remove(2);
  expect(drain(queue)).toEqual([0, 1, 3]);
});

test("the key of a request that comes back is read anew", () => {
  const made = [0, 5];
  const queue = new OrderedQueue((request) => made[request]);
  queue.add(0);
  queue.add(1);
  queue.pop();
  made[0] = 6;
  queue.putBack(0);
  expect(drain(queue)).toEqual([1, 0]);
});

test("requests come out as a stable sort orders them, whatever their numbers", () => {
  fc.assert(fc.property(fc.array(fc.integer({ min: 0, max: 5 }), { maxLength: 300 }), (keys) => {
    // Numbers far apart: a server may hold any of many.
    const queue = new OrderedQueue((request) => keys[request / 7]);
    keys.forEach((_, i) => queue.add(7 * i));
    const sorted = keys.map((_, i) => 7 * i).sort((a, b) => keys[a / 7] - keys[b / 7]);
    expect(drain(queue)).toEqual(sorted);
  }));
});
