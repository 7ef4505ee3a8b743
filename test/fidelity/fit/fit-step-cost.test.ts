import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import { expect, test } from "vitest";
import { unlikeEngines } from "../../../src/fidelity/fit/between-logs.ts";
import { fitStepCost } from "../../../src/fidelity/fit/fit-step-cost.ts";
import { type LoggedSteps, loggedSteps } from "../../../src/fidelity/fit/logged-steps.ts";
import { ServerFile, stepCostOf } from "../../../src/servers/costs/server-file.ts";
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
  near(cost.perPrefillToken!, TRUE.prompt, 0.03);
  near(cost.perPrefillPair!, TRUE.pair, 0.03);
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

test("a fit that had to leave out more than a fifth of the steps is none, and says why", () => {
  const log = steps(1, 5);
  log.recomputes.fill(1, 0, 700);
  expect(fitStepCost([log]).report.leftOutBy).toEqual({ recomputing: 700, unreadable: 0 });
  const unreadable = { ...log, refused: 200 };
  expect(() => fitStepCost([unreadable])).toThrow(
    /in 80 % of the steps at least: of 4200, 700 have more tokens .*, and 200 lines can't be read/,
  );
  // Half of a long log is kept: what is left out of that half counts twice.
  const half = { ...steps(1, 6), read: 8000, refused: 1000 };
  half.recomputes.fill(1, 0, 500);
  expect(() => fitStepCost([half])).toThrow(/of 9000, 500 have more .*1000 lines/);
});

test("logs without prompts leave the cost of prefill unknown, and nothing is simulated with it", () => {
  const log = steps(1, 7);
  const decoding = log.decoding.map((b) => Math.max(b, 1));
  const none = { prefilling: new Int32Array(4000), prefillTokens: new Int32Array(4000) };
  const seconds = Float64Array.from(
    decoding,
    (b, i) => TRUE.fixed + TRUE.perSequence * b + TRUE.context * log.context[i],
  );
  const prefillPairs = new Float64Array(4000);
  const { cost, report } = fitStepCost([{ ...log, ...none, decoding, seconds, prefillPairs }]);
  expect(report.unknown).toEqual(["prefill"]);
  expect([cost.perPrefillToken, cost.perPrefillSequence, cost.perPrefillPair])
    .toEqual([null, null, null]);
  expect(cost.perContextToken).toBeCloseTo(TRUE.context, 9);
  const file = { name: "decoder", source: "test", cost, perRequest: 0, fit: report };
  expect(ServerFile.parse(JSON.parse(JSON.stringify(file)))).toEqual(file);
  expect(() => stepCostOf(file, { max_num_seqs: 32, async_scheduling: false })).toThrow(
    /decoder, field cost\.perPrefillToken: got null, expected what a prompt costs/,
  );
});

test("engines of one server that differ in speed are named", () => {
  const engines = [{ ...steps(1, 8), engine: "0" }, { ...steps(1.3, 9), engine: "1" }];
  expect(unlikeEngines(fitStepCost(engines).report.logs)).toMatch(
    /^engine 1 is (2[89]|3[012]) % slower than engine 0/,
  );
  const alike = [engines[0], { ...steps(1.05, 9), engine: "1" }];
  expect(unlikeEngines(fitStepCost(alike).report.logs)).toBeNull();
  // A machine that was slower on another day is no engine apart.
  const starts = engines.map((log) => ({ ...log, engine: "0" }));
  expect(unlikeEngines(fitStepCost(starts).report.logs)).toBeNull();
});
