import { expect, test } from "vitest";
import { keepsPromise, promiseText, ServicePromise } from "../../src/what-if/service-promise.ts";

const run = {
  arrival: Float64Array.of(0, 1, 2, 3),
  firstToken: Float64Array.of(0.5, 2.5, 2.4, NaN),
  finish: Float64Array.of(1.5, 3.5, 2.4, NaN),
  outputTokens: Int32Array.of(11, 11, 1, 5),
};
const kept = (promise: Parameters<typeof ServicePromise.parse>[0]) =>
  [0, 1, 2, 3].map((row) => keepsPromise(run, row, ServicePromise.parse(promise)));

test("every limit counts, TTFT and E2E from arrival, and who never finished keeps none", () => {
  expect(kept({ ttft: 1 })).toEqual([true, false, true, false]);
  expect(kept({ e2e: 2 })).toEqual([true, false, true, false]);
  expect(kept({ tpot: 0.1 })).toEqual([true, true, true, false]);
  expect(kept({ tpot: 0.099 })).toEqual([false, false, true, false]);
  expect(kept({ ttft: 1, tpot: 0.099 })).toEqual([false, false, true, false]);
});

test("a limit is kept by who reaches it exactly", () => {
  expect(kept({ e2e: 1.5 })[0]).toBe(true);
  expect(kept({ ttft: 0.5 })[0]).toBe(true);
});

test("a promise reads in the units that people use", () => {
  const promise = ServicePromise.parse({ ttft: 1.5, tpot: 0.05, share: 0.999 });
  expect(promiseText(promise)).toBe("TTFT ≤ 1.5 s and TPOT ≤ 50 ms for 99.9 % of the requests");
  expect(() => ServicePromise.parse({ share: 0.9 })).toThrow("at least one limit");
});
