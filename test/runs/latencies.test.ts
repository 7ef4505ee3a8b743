import { expect, test } from "vitest";
import {
  endToEnd,
  queueWait,
  timePerOutputToken,
  timeToFirstToken,
} from "../../src/runs/latencies.ts";

test("a request that arrives at 1, is handed over at 3, and answers from 4 to 8 in 5 tokens", () => {
  expect(queueWait(1, 3)).toBe(2);
  expect(timeToFirstToken(1, 4)).toBe(3);
  expect(endToEnd(1, 8)).toBe(7);
  expect(timePerOutputToken(4, 8, 5)).toBe(1);
});

test("an answer of one token, or of none, has no gap between tokens", () => {
  expect(timePerOutputToken(4, 4, 1)).toBeNaN();
  expect(timePerOutputToken(4, 8, 1)).toBeNaN();
  expect(timePerOutputToken(4, 8, 0)).toBeNaN();
});

test("an instant that never came has no latency", () => {
  expect([
    queueWait(1, NaN),
    timeToFirstToken(1, NaN),
    endToEnd(1, NaN),
    timePerOutputToken(NaN, 8, 5),
    timePerOutputToken(4, NaN, 5),
  ]).toEqual([NaN, NaN, NaN, NaN, NaN]);
});
