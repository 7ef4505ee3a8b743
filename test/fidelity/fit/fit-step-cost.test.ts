import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import { expect, test } from "vitest";
import { fitStepCost } from "../../../src/fidelity/fit/fit-step-cost.ts";
import { type LoggedSteps, loggedSteps } from "../../../src/fidelity/fit/logged-steps.ts";
import { readIterationLog } from "../../../src/fidelity/fit/iteration-log.ts";

const TRUE = { fixed: 0.006, perSequence: 4e-4, context: 1e-6, prompt: 2.5e-4, pair: 2e-7 };

/** A server's steps with scatter of 5 %, a stall in every 50th, and a whole log `slower`. */
function steps(slower: number, seed: number): LoggedSteps {
  const generator = xoroshiro128plus(seed);
  const uniform = () => (generator.next() >>> 0) / 2 ** 32;
  const n = 4000;
  const column = (of: (i: number) => number) => Array.from({ length: n }, (_, i) => of(i));
  const decoding = Int32Array.from(column(() => Math.floor(33 * uniform())));
  const context = Float64Array.from(column((i) => decoding[i] * (50 + 1500 * uniform())));
  const prefilling = Int32Array.from(column((i) => decoding[i] === 0 || uniform() < 0.1 ? 1 : 0));
  const prefillTokens = prefilling.map((some) => some * Math.ceil(1500 * uniform()));
  const prefillPairs = Float64Array.from(prefillTokens, (p) => p * (p + 1) / 2);
  const seconds = Float64Array.from(column((i) => {
    const step = TRUE.fixed + TRUE.perSequence * decoding[i] + TRUE.context * context[i] +
      TRUE.prompt * prefillTokens[i] + TRUE.pair * prefillPairs[i];
    const scatter = 1 + 0.1 * (uniform() - 0.5);
    return step * slower * scatter * (i % 50 === 0 ? 5 : 1);
  }));
  return {
    source: `log ${seed}`,
    size: n,
    decoding,
    context,
    prefilling,
    prefillTokens,
    prefillPairs,
    recomputes: new Uint8Array(n),
    seconds,
    printedAt: new Float64Array(n).fill(NaN),
    refused: 0,
    otherLines: 0,
  };
}

test("the costs come back from logs with scatter, stalls and a machine that drifts", () => {
  const { cost, report } = fitStepCost([steps(0.95, 1), steps(1, 2), steps(1.05, 3)]);
  const near = (found: number, wanted: number, share: number) =>
    expect(Math.abs(found / wanted - 1)).toBeLessThan(share);
  cost.sequences.forEach((b, i) => near(cost.seconds[i], TRUE.fixed + TRUE.perSequence * b, 0.06));
  near(cost.perContextToken, TRUE.context, 0.03);
  near(cost.perPrefillToken, TRUE.prompt, 0.03);
  near(cost.perPrefillPair, TRUE.pair, 0.03);
  expect(report.noise.stalled_steps_pct).toBeCloseTo(2, 0);
  expect(report.noise.between_logs_pct).toBeGreaterThan(3);
  expect(report.logs.map(({ slower_pct }) => Math.sign(slower_pct - report.logs[1].slower_pct)))
    .toEqual([-1, 0, 1]);
  for (const region of report.residuals) expect(Math.abs(region.median_pct)).toBeLessThan(3);
});

test("what lies between iterations is read off the log's clock of whole seconds", () => {
  // 8 sequences, 10 ms in the log, and 2 ms between: 12 ms apart.
  const line = (i: number) => {
    const at = new Date(Date.UTC(2000, 10, 23, 9, 0, 0, Math.floor(12 * i)));
    const stamp = `11-23 ${at.toISOString().slice(11, 19)}`;
    return `INFO ${stamp} Iteration(${i}): 0 context requests, 0 context tokens, 8 generation ` +
      "requests, 8 generation tokens, iteration elapsed time: 10.00 ms, CPU KV cache usage: 1.0%";
  };
  const log = readIterationLog(Array.from({ length: 6000 }, (_, i) => line(i)).join("\n"), "x");
  const { cost } = fitStepCost([loggedSteps(log)]);
  expect(cost.perLoop + 8 * cost.perLoopSequence).toBeCloseTo(0.002, 4);
  expect(cost.seconds[cost.sequences.indexOf(8)]).toBeCloseTo(0.01, 6);
});

test("a step that recomputes after a preemption is left out and counted", () => {
  const log = steps(1, 4);
  log.recomputes.fill(1, 0, 10);
  log.seconds.fill(9, 0, 10);
  const { report } = fitStepCost([log]);
  expect(report.leftOut).toBe(10);
  expect(report.noise.stalled_steps_pct).toBeLessThan(2.2);
  log.recomputes.fill(1);
  expect(() => fitStepCost([log])).toThrow(/log 4: expected iterations other than/);
});

test("a chunk's pairs count the tokens that earlier chunks left behind", () => {
  const chunk = (tokens: number) =>
    `Iteration(1): 1 context requests, ${tokens} context tokens, 0 generation requests, 0 ` +
    "generation tokens, iteration elapsed time: 10.00 ms, CPU KV cache usage: 1.0%";
  const log = readIterationLog([chunk(512), chunk(100), chunk(100)].join("\n"), "x");
  const { prefillPairs } = loggedSteps(log, {
    num_gpu_blocks: 101,
    block_size: 16,
    max_num_batched_tokens: 512,
  });
  expect(Array.from(prefillPairs)).toEqual([512 * 513 / 2, 100 * 512 + 100 * 101 / 2, 5050]);
});
