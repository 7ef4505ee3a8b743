import { expect, test } from "vitest";
import { slowStart } from "../../src/live/first-requests.ts";

/** Requests that are sent at these instants and take so long to their first token. */
function start(sent: readonly number[], took: readonly number[]) {
  const times = Float64Array.from(sent);
  return slowStart(times, times.map((at, i) => at + took[i]));
}
const steps = (count: number, from = 0) => Array.from({ length: count }, (_, i) => from + i);

test("a first request that takes more than five times the usual stands out", () => {
  const usual = new Array(12).fill(0.1);
  expect(start(steps(13), [0.6, ...usual])).toEqual({
    first: 0.6,
    usual: expect.closeTo(0.1, 12),
  });
  expect(start(steps(13), [0.45, ...usual])).toBeNull();
});

test("those that were sent before the first token came have waited for the same and are no measure", () => {
  // Twelve sent at once at a cold server, all answered after 2 s; then twelve warm ones.
  const sent = [...steps(12).map((i) => 0.01 * i), ...steps(12, 3)];
  const took = [...steps(12).map((i) => 2 - 0.01 * i), ...new Array(12).fill(0.1)];
  expect(start(sent, took)).toMatchObject({ first: 2 });
  // Without the warm ones there is nothing to hold it against.
  expect(start(sent.slice(0, 12), took.slice(0, 12))).toBeNull();
});

test("several slow ones in a row do not hide the first", () => {
  const took = [...new Array(4).fill(1), ...new Array(16).fill(0.05)];
  expect(start(steps(20, 0).map((i) => 2 * i), took)).toMatchObject({ first: 1 });
});

test("an idle server's first request is no slower than the rest: queues at the server don't warn", () => {
  expect(start(steps(40), steps(40).map((i) => 0.1 + 0.2 * i))).toBeNull();
});

test("rows in any order, first tokens that nobody saw, too few others", () => {
  const sent = [5, ...steps(12, 10), 0];
  const took = [0.1, ...new Array(12).fill(0.1), 1];
  expect(start(sent, took)).toMatchObject({ first: 1 });
  expect(start(sent, took.map((_, i) => i === 13 ? NaN : 0.1))).toBeNull();
  expect(start(steps(10), [1, ...new Array(9).fill(0.1)])).toBeNull();
  expect(start([], [])).toBeNull();
});
