import { expect, test } from "vitest";
import { starvation, STARVED_MULTIPLE, waitToBeServed } from "../../src/analysis/starvation.ts";
import { smallRun } from "./small-run.ts";

const arrival = Float64Array.of(0, 0, 0, 0, 0, 0);
const rows = (...of: number[]) => Int32Array.from(of);
const everybody = rows(0, 1, 2, 3, 4, 5);

test("a request is served with its first token, or where answers come whole when its batch starts", () => {
  const start = Float64Array.of(1, 2, 3, 4, 5, 6);
  const whole = smallRun({ arrival, start, firstToken: new Float64Array(6).fill(NaN) });
  expect(Array.from(waitToBeServed(whole, rows(5, 0)))).toEqual([6, 1]);
  const streamed = smallRun({ arrival, start, firstToken: start.map((at) => at + 10) });
  expect(Array.from(waitToBeServed(streamed, rows(5, 0)))).toEqual([16, 11]);
});

test("the yardstick is the median of all, so that a starved tier does not set its own", () => {
  const waits = Float64Array.of(1, 1, 1, 1, STARVED_MULTIPLE, STARVED_MULTIPLE + 1);
  const run = smallRun({ arrival, firstToken: waits });
  expect(starvation(run, everybody, everybody)).toEqual({ longest: 11, starved: 1 / 6 });
  expect(starvation(run, rows(4, 5), everybody)).toEqual({ longest: 11, starved: 1 / 2 });
  expect(starvation(run, rows(4, 5), rows(4, 5)).starved).toBe(0);
});

test("where everybody waits long nobody starves", () => {
  const run = smallRun({ arrival, firstToken: Float64Array.of(100, 200, 300, 400, 500, 600) });
  expect(starvation(run, everybody, everybody)).toEqual({ longest: 600, starved: 0 });
});

test("of nobody nothing is said", () => {
  const run = smallRun();
  const found = starvation(run, rows(), everybody);
  expect([found.longest, found.starved]).toEqual([NaN, NaN]);
});
