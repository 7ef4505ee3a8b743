import { expect, test } from "vitest";
import { batchDoubt, ceilingDoubt, serverDoubt } from "../../../src/fidelity/doubt/server-doubt.ts";
import type { FitReport, ServerFile } from "../../../src/servers/costs/server-file.ts";
import { plainCost } from "../../support/workloads.ts";
import { scaledCost } from "../../../src/fidelity/doubt/draw-servers.ts";
import { serverFor } from "../../../src/servers/sized-server.ts";
import { serverOf } from "../../../src/servers/server.ts";
import { loadServerFile } from "../../../src/files/load-recordings.ts";

const log = (slower_pct: number) => ({
  source: "x.log",
  ...{ steps: 1000, refused: 0, otherLines: 0, slower_pct },
});
const region = (from: number, to: number, prefill: boolean, rest: object) => ({
  sequences: [from, to] as [number, number],
  prefill,
  ...{ steps: 400, median_pct: 0, abs_median_pct: 0, abs_p95_pct: 20, ...rest },
});

function fitted(fit: Partial<FitReport>): ServerFile {
  return {
    name: "by hand",
    source: "by hand",
    cost: {
      kind: "fitted",
      ...{ sequences: [0, 8], seconds: [0.01, 0.01], perContextToken: 0, perPrefillToken: 0 },
      ...{ perPrefillSequence: 0, perPrefillPair: 0, perLoop: 0, perLoopSequence: 0 },
      scatterShare: 0.02,
    },
    perRequest: 0.004,
    fit: {
      logs: [log(1), log(3), log(5), log(7)],
      residuals: [region(1, 3, false, {}), region(4, 8, false, {}), region(1, 8, true, {})],
      noise: {
        ...{ step_sd_pct: 5, stalled_steps_pct: 1, stalled_time_pct: 4, between_logs_pct: 8 },
        ...{ drift_pct: 6, drift_steps: 200, drift_kept: 0.4 },
      },
      ranges: { sequences: [0, 8], contextTokens: [0, 1000], prefillTokens: [0, 100] },
      leftOut: 0,
      ...fit,
    },
  };
}
const doubtOf = (fit: Partial<FitReport> = {}) =>
  serverDoubt(
    serverOf({ cost: fitted(fit), config: { max_model_len: 1024, num_gpu_blocks: 999 } }),
  );

test("a machine is as the logs' machines were: their mean, their spread, and few of them", () => {
  const { speed } = doubtOf();
  // The mean log is 4 % slower than typical, of which the cost has 2 % in it.
  expect(speed.mean).toBeCloseTo(1.04 / 1.02 - 1, 12);
  // Four logs 8 % apart, three degrees of freedom, beside four of 4 % that are assumed before; one
  // more log beside them: √(1 + 1/4) of their spread; and another day.
  const variance = (4 * 0.04 ** 2 + 3 * 0.08 ** 2) / 7;
  expect(speed.sd).toBeCloseTo(Math.sqrt(variance * 1.25 + 0.03 ** 2), 12);
  expect(speed.freedom).toBe(7);
});

test("one log alone says nothing of another day: its speed is assumed, and that is said", () => {
  const { speed, assumed } = doubtOf({ logs: [log(0)] });
  expect(speed.sd).toBeGreaterThan(0);
  expect(assumed.join()).toMatch(/speed between runs .* one log alone/);
  expect(doubtOf().assumed.join()).not.toMatch(/one log alone/);
});

test("drift, scatter and stalls in seconds of the average step", () => {
  const { drift, scatter, stalls } = doubtOf();
  // 95 % of the steps within 20 %: 1.96 standard deviations of one step, over five steps.
  expect(scatter.sd).toBeCloseTo(0.2 / 1.96 / Math.sqrt(5), 12);
  expect(scatter.seconds).toBeCloseTo(0.05, 12);
  // Steps of 10 ms: 200 of them are 2 s; 1 % of the steps take 4 % of the time beside their own.
  expect(drift).toEqual({ sd: 0.06, seconds: expect.closeTo(2, 12), kept: 0.4 });
  expect(stalls).toEqual({ share: 0.04, seconds: expect.closeTo(0.04, 12) });
});

test("a region is known as well as its residuals say: median, its error, and logs apart", () => {
  const off = { median_pct: 3, abs_median_pct: 4, between_logs_pct: 2 };
  const doubt = doubtOf({
    residuals: [region(1, 3, false, {}), region(4, 8, false, off), region(1, 8, true, off)],
  });
  const known = (1.2533 * 1.4826 * 4) ** 2 / 400;
  const sd = Math.sqrt(9 + known + 4) / 100;
  expect(batchDoubt(doubt, 2)).toBe(0);
  expect(batchDoubt(doubt, 4)).toBeCloseTo(sd, 12);
  expect(doubt.prefill).toBeCloseTo(sd, 12);
  expect(doubt.context).toBeCloseTo(sd / Math.SQRT2, 12);
  // Nobody saw more than 8 sequences: twice as many are less certain.
  expect(batchDoubt(doubt, 16)).toBeGreaterThan(sd + 0.05);
});

test("a preset is known as well as its ceilings: measured ones better than assumed ones", async () => {
  const measured = serverDoubt(serverOf(await loadServerFile("l4-qwen3-1.7b")));
  // A cost that does not say what it was computed from.
  const assumed = serverDoubt(serverOf({ cost: plainCost({ base: 0.01 }) }));
  expect(measured.memory).toBeLessThan(assumed.memory);
  expect(measured.prefill).toBeLessThan(assumed.prefill);
  // The ends of a doubt hold nine of ten: 0.90 − 0.08/+0.07 of the peak is ± 5 %.
  expect(assumed.memory).toBeCloseTo(0.075 / 1.645 / 0.9, 12);
  expect(assumed.assumed.join()).toMatch(/bandwidth ±5 %,arithmetic ±11 %/);
  expect(measured.assumed.join()).not.toMatch(/bandwidth/);
});

test("a card's own ceilings make a doubt of their own", () => {
  const share = { share: 0.8, low: 0.7, high: 0.9, basis: "assumed" as const, note: "by hand" };
  const known = { ...share, low: 0.8, high: 0.8, basis: "measured" as const, note: "by hand" };
  const { memory, prefill, assumed } = ceilingDoubt({ bandwidth: known, matmul: share }, 64);
  expect(memory).toBe(0);
  expect(prefill).toBeCloseTo(0.1 / 1.645 / 0.8, 12);
  expect(assumed.join()).toMatch(/arithmetic/);
});

test("a model on a card is as well known as the card: a measured one better than an assumed one", () => {
  const of = (gpu: string) => serverDoubt(serverOf(serverFor({ model: "Qwen3-1.7B", gpu })));
  const measured = of("L4"), assumed = of("RTX 4090");
  expect(measured.memory).toBeLessThan(assumed.memory);
  expect(measured.assumed.join()).not.toMatch(/bandwidth/);
  expect(assumed.assumed.join()).toMatch(/bandwidth ±\d+ %/);
});

test("steps with prompts are drawn by their parts, too: reading by the bandwidth, the rest by arithmetic", () => {
  const { cost } = serverOf(serverFor({ model: "Qwen3-1.7B", gpu: "L4" }));
  const drawn = scaledCost(cost, { batch: () => 1.1, context: 1.2, prefill: 0.8, frontEnd: 3 });
  const before = cost.mixed!, after = drawn.mixed!;
  expect(after.weights.at(-1)! / before.weights.at(-1)!).toBeCloseTo(1.1, 12);
  expect(after.perContextToken / before.perContextToken).toBeCloseTo(1.2, 12);
  expect(after.perPromptToken / before.perPromptToken).toBeCloseTo(0.8, 12);
  expect(after.perPair / before.perPair).toBeCloseTo(0.8, 12);
  expect(after.hostSeconds).toBe(before.hostSeconds);
  expect(drawn.frontEnd!.cpuSeconds / cost.frontEnd!.cpuSeconds).toBeCloseTo(3, 12);
});
