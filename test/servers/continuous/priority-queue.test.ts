import { expect, test } from "vitest";
import { PriorityQueue } from "../../../src/servers/continuous/priority-queue.ts";

function drain(queue: PriorityQueue): number[] {
  const order: number[] = [];
  for (; queue.size > 0; queue.pop()) order.push(queue.head);
  return order;
}

test("the lower number goes first, among equals who came first, preempted ones too", () => {
  const queue = new PriorityQueue(Int32Array.of(1, 0, 1, 0, -1));
  for (const request of [0, 1, 2, 3, 4]) queue.add(request);
  for (let i = 0; i < 3; i++) queue.pop();
  expect(queue.head).toBe(0);
  queue.pop();
  // Preempted in another order than they came.
  for (const request of [3, 0, 1]) queue.putBack(request);
  expect(drain(queue)).toEqual([1, 3, 0, 2]);
});

test("a request is taken out wherever it stands", () => {
  const queue = new PriorityQueue(new Int32Array(4));
  for (const request of [0, 1, 2, 3]) queue.add(request);
  queue.remove(2);
  expect(drain(queue)).toEqual([0, 1, 3]);
});
