import { beforeAll, expect, test } from "vitest";
import { extraTokens } from "../../../src/fidelity/fit/draft-tokens.ts";
import { fitStepCost } from "../../../src/fidelity/fit/fit-step-cost.ts";
import { readIterationLog } from "../../../src/fidelity/fit/iteration-log.ts";
import { loggedSteps } from "../../../src/fidelity/fit/logged-steps.ts";
import { fittable } from "../../../src/fidelity/fit/fittable.ts";
import { readServerLog } from "../../../src/fidelity/fit/server-log.ts";
import { chunksOf, realLines } from "./support/real-lines.ts";

/** A run with blocks to spare, and one that preempts for want of them. */
let plain: string[], preempting: string[];
beforeAll(async () => {
  [plain, preempting] = await Promise.all(["ds_l5.fcfs32", "ds_l5.fcfs32.kv2560"].map(realLines));
});

const GENERATION = /(\d+) generation requests, (\d+) generation tokens/;

/** The lines with the tokens that `extra` adds to a step, as a server that drafts prints them. */
function drafted(lines: string[], extra: (sequences: number, i: number) => number): string[] {
  return lines.map((line, i) =>
    line.replace(
      GENERATION,
      (_, n, tokens) =>
        `${n} generation requests, ${Number(tokens) + extra(Number(n), i)} generation tokens`,
    )
  );
}

const logOf = (lines: string[]) => readIterationLog(lines.join("\n"), "vllm.log");

test.each([
  ["three drafts a sequence in every step", (n: number) => 3 * n],
  ["one draft a sequence (MTP)", (n: number) => n],
  ["n-grams that are found now and then", (n: number, i: number) => i % 7 === 0 ? n + i % 3 : 0],
])("draft tokens are recognised and refused: %s", (_, extra) => {
  const log = logOf(drafted(plain, extra));
  expect(extraTokens(log).drafts).not.toBeNull();
  expect(() => loggedSteps(log)).toThrow(
    /vllm\.log: expected a server without speculative decoding: \d+ of 3609 decode steps .* draft/,
  );
});

test.each([
  [
    "with the KV cache nearly full",
    (line: string) => line.replace(/usage: [\d.]+%/, "usage: 93.0%"),
  ],
  ["without word of the KV cache", (line: string) => line.replace(/, CPU KV cache usage.*/, "")],
])("draft tokens are recognised %s", (_, change) => {
  const always = logOf(drafted(plain, (n) => 2 * n).map(change));
  expect(extraTokens(always).drafts).toMatch(/too many for recomputation/);
  const seldom = logOf(drafted(plain, (n, i) => i % 5 === 0 ? n + 1 : 0).map(change));
  expect(extraTokens(seldom).drafts).toMatch(/no request came back/);
});

test("draft tokens are recognised among preemptions", () => {
  const both = logOf(drafted(preempting, (n, i) => i % 10 === 0 ? 2 * n : 0));
  expect(extraTokens(both).drafts).toMatch(/as many for each sequence/);
});

test("a server that recomputes after preemptions doesn't draft: its steps are left out and counted", () => {
  const log = logOf(preempting);
  expect(extraTokens(log)).toEqual({ steps: 5742, extra: 236, drafts: null });
  const { report } = fitStepCost([loggedSteps(log)]);
  expect(report.leftOutBy).toEqual({ recomputing: 236, unreadable: 0 });
  expect(report.leftOut).toBe(236);
});

test("the line that vLLM prints of its drafts is believed, beside iterations and stats", async () => {
  const metrics = "INFO 11-23 09:59:00 [metrics.py:120] SpecDecoding metrics: Mean acceptance " +
    "length: 3.49, Accepted: 92 tokens, Drafted: 259 tokens, Avg Draft acceptance rate: 35.5%";
  const stats = "INFO 11-23 09:59:00 [loggers.py:310] Engine 000: Avg prompt throughput: 9.9 " +
    "tokens/s, Avg generation throughput: 13.0 tokens/s, Running: 1 reqs, Waiting: 0 reqs, " +
    "GPU KV cache usage: 0.0%, Prefix cache hit rate: 0.0%";
  for (const lines of [[...plain.slice(0, 50), metrics], [stats, metrics, stats]]) {
    const log = await readServerLog(chunksOf(lines), "vllm.log");
    expect(() => fittable([{ log }])).toThrow(/without speculative decoding.*SpecDecoding/);
  }
});
