import { expect, test } from "vitest";
import { hitRate } from "../../src/analysis/hit-rate.ts";
import { smallRun } from "./small-run.ts";

test("cached tokens over prompt tokens, of all or of some requests", () => {
  // Every prompt has 10 tokens.
  const run = smallRun({ cachedTokens: Int32Array.of(0, 5, 10, 0, 0, 9) });
  expect(hitRate(run)).toBeCloseTo(24 / 60, 12);
  expect(hitRate(run, Int32Array.of(1, 2))).toBe(0.75);
});

test("it is not known where one request's is not, and of no request", () => {
  expect(hitRate(smallRun({ cachedTokens: Int32Array.of(0, 5, -1, 0, 0, 9) }))).toBeNaN();
  expect(hitRate(smallRun({ cachedTokens: new Int32Array(6) }), new Int32Array())).toBeNaN();
});
