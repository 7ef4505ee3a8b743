import fc from "fast-check";
import { expect, test } from "vitest";
import { everyone } from "../../src/analysis/groups.ts";
import {
  overtaken,
  servedAt,
  starvation,
  STARVED_OVERTAKEN,
} from "../../src/analysis/starvation.ts";
import { simulate } from "../../src/simulation/simulate.ts";
import type { Run } from "../../src/runs/run.ts";
import { paperWorkload } from "../../src/paper/workload.ts";
import { smallRun } from "./small-run.ts";

const rowsOf = (count: number) => Int32Array.from({ length: count }, (_, row) => row);

test("a request is served with its first token, or where answers come whole when its batch starts", () => {
  const start = Float64Array.of(1, 2, 3, 4, 5, 6);
  const whole = smallRun({ start, firstToken: new Float64Array(6).fill(NaN) });
  expect(Array.from(servedAt(whole, Int32Array.of(5, 0)))).toEqual([6, 1]);
  const streamed = smallRun({ start, firstToken: start.map((at) => at + 10) });
  expect(Array.from(servedAt(streamed, Int32Array.of(5, 0)))).toEqual([16, 11]);
});

test("overtaken is who came later and went first, of all pairs, equal instants left out", () => {
  fc.assert(fc.property(fc.array(fc.integer({ min: 0, max: 9 }), { maxLength: 40 }), (served) => {
    const run = { ...smallRun(), firstToken: Float64Array.from(served) } as Run;
    const pairs = served.map((at, i) => served.slice(i + 1).filter((later) => later < at).length);
    expect(Array.from(overtaken(run, rowsOf(served.length)))).toEqual(pairs);
  }));
});

test("a group's share and longest wait, counted among all", () => {
  const n = STARVED_OVERTAKEN + 2;
  // The first is served last, the second after all but one: 101 and 99 went before them.
  const firstToken = Float64Array.from({ length: n }, (_, row) => row);
  firstToken[0] = n + 50;
  firstToken[1] = n - 1.5;
  const run = { ...smallRun(), size: n, firstToken, arrival: new Float64Array(n) } as Run;
  const found = starvation(run, rowsOf(n), [
    rowsOf(n),
    Int32Array.of(0, 1),
    Int32Array.of(5),
    new Int32Array(),
  ]);
  expect(found[0]).toEqual({ longest: n + 50, starved: 1 / n });
  expect(found[1]).toEqual({ longest: n + 50, starved: 1 / 2 });
  expect(found[2]).toEqual({ longest: 5, starved: 0 });
  expect([found[3].longest, found[3].starved]).toEqual([NaN, NaN]);
});

test("under FIFO nobody starves at any overload; under SJF the long answers do", () => {
  const workload = paperWorkload({ seed: 2, requests: 900 });
  for (const dispatch of [undefined, { rule: "in-flight", window: 16 }] as const) {
    const of = (policy: string) => {
      const run = simulate(workload, { scheduler: { policy }, dispatch });
      const { rows } = everyone(run);
      return starvation(run, rows, [rows])[0];
    };
    expect(of("fifo").starved).toBe(0);
    expect(of("sjf").starved).toBeGreaterThan(0.1);
    expect(of("sjf").longest).toBeGreaterThan(of("fifo").longest * 0.9);
  }
});

test("a request that was never served starves, and does not hide the longest wait", () => {
  const n = STARVED_OVERTAKEN + 2;
  const firstToken = Float64Array.from({ length: n }, (_, row) => row === 0 ? NaN : row);
  const start = new Float64Array(n).fill(NaN);
  const run = { ...smallRun(), size: n, firstToken, start, arrival: new Float64Array(n) } as Run;
  expect(overtaken(run, rowsOf(n))[0]).toBe(n - 1);
  const [all, never] = starvation(run, rowsOf(n), [rowsOf(n), Int32Array.of(0)]);
  expect(all).toEqual({ longest: n - 1, starved: 1 / n });
  expect(never).toEqual({ longest: NaN, starved: 1 });
});
