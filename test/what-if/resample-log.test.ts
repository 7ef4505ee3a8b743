import { expect, test } from "vitest";
import { generateWorkload } from "../../src/workload/generators/generate-workload.ts";
import { blockSecondsOf, resampleLog } from "../../src/what-if/resample-log.ts";

const spec = (requests: number) => ({
  requests,
  streams: [{
    arrivals: { process: "poisson" as const, rate: 2 },
    classes: [{
      prompt: { model: "constant" as const, tokens: 100 },
      output: { model: "lognormal" as const, mean: 60, cv: 1 },
    }],
  }],
});

test("a log is cut into twenty blocks of its time", () => {
  const log = generateWorkload(spec(400));
  const { arrival } = log.requests;
  expect(blockSecondsOf(log)).toBeCloseTo((arrival[399] - arrival[0]) / 20, 9);
  const [a, again, b] = [1, 1, 2].map((seed) => resampleLog(log, seed));
  expect(a.requests.arrival).toEqual(again.requests.arrival);
  expect(a.requests.arrival).not.toEqual(b.requests.arrival);
});

test("a short log, and one whose requests all arrive at once, keep their arrivals", () => {
  const short = generateWorkload(spec(30));
  expect(blockSecondsOf(short)).toBe(0);
  const drawn = resampleLog(short, 1);
  expect(drawn.requests.arrival).toEqual(short.requests.arrival);
  const known = new Set(short.truth.outputTokens);
  expect([...drawn.truth.outputTokens].every((tokens) => known.has(tokens))).toBe(true);
  const whole = generateWorkload(spec(400));
  const atOnce = { ...whole, requests: { ...whole.requests, arrival: new Float64Array(400) } };
  expect(blockSecondsOf(atOnce)).toBe(0);
  expect(resampleLog(atOnce, 3).requests.size).toBe(400);
});
