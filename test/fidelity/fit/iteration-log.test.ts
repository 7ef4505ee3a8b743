import { expect, test } from "vitest";
import { exactSteps } from "../../../src/fidelity/budget/exact-steps.ts";
import { fitStepCost } from "../../../src/fidelity/fit/fit-step-cost.ts";
import { loggedSteps } from "../../../src/fidelity/fit/logged-steps.ts";
import { readRecordedRequests, readRunDescription } from "../../../src/fidelity/recorded-run.ts";
import { readBundled } from "../../../src/files/read-bundled.ts";
import { InputError } from "../../../src/errors/input-error.ts";
import { readIterationLog } from "../../../src/fidelity/fit/iteration-log.ts";

/** A recorded run of conversations: its flags, its requests, and its iterations. */
async function loadChat(run: string) {
  const text = async (ending: string) =>
    new TextDecoder().decode(await readBundled(`vllm_cpu_chat/${run}.${ending}`));
  return {
    server: readRunDescription(await text("json"), run).server,
    requests: readRecordedRequests(await text("requests.jsonl.gz"), run).requests,
    iterations: readIterationLog(await text("iterations.log.gz"), run),
  };
}

const LINE =
  "INFO 11-23 09:58:56 [loggers.py:185] Engine 000: Iteration(516): 2 context requests, " +
  "70 context tokens, 32 generation requests, 33 generation tokens, iteration elapsed time: " +
  "32.65 ms, CPU KV cache usage: 6.3%";

test("a line gives its iteration's load, seconds, KV share and the second of its print", () => {
  const log = readIterationLog(`${LINE}\n${LINE.replace("09:58:56", "09:59:01")}\n`, "x.log");
  expect(log.size).toBe(2);
  expect([log.contextRequests[0], log.contextTokens[0]]).toEqual([2, 70]);
  expect([log.generationRequests[0], log.generationTokens[0]]).toEqual([32, 33]);
  expect(log.seconds[0]).toBeCloseTo(0.03265, 12);
  expect(log.kvUsage[0]).toBeCloseTo(0.063, 12);
  expect(log.printedAt[1] - log.printedAt[0]).toBe(5);
});

test("a line with GPU usage, another logger's prefix or none at all is read", () => {
  const bare = LINE.slice(LINE.indexOf("Iteration")).replace("CPU KV", "GPU KV");
  const log = readIterationLog(`(EngineCore pid=7) ${bare}\r\n`, "x.log");
  expect(log.size).toBe(1);
  expect(log.printedAt[0]).toBeNaN();
});

test("a collector's time before the line's own is passed over", () => {
  const collected = `2026-11-24T01:00:00.123456789Z stdout F ${LINE}`;
  const [own, both] = [LINE, collected].map((line) => readIterationLog(line, "x.log"));
  expect(both.printedAt).toEqual(own.printedAt);
});

test("broken iteration lines are counted and kept, other messages are only counted", () => {
  const broken = LINE.replace("32.65", "fast");
  const log = readIterationLog(["INFO starting", LINE, broken, LINE.slice(0, 90)].join("\n"), "x");
  expect(log.size).toBe(1);
  expect(log.refused).toEqual([{ line: 3, text: broken }, { line: 4, text: LINE.slice(0, 90) }]);
  expect(log.otherLines).toBe(1);
});

test("a log without any iteration is refused, with the first line that came close", () => {
  expect(() => readIterationLog("INFO starting\n", "vllm.log")).toThrow(InputError);
  expect(() => readIterationLog("Iteration(1): what\n", "vllm.log")).toThrow(
    /vllm\.log, row 1: got "Iteration\(1\): what"/,
  );
});

test.each(["chat_l3.apc", "chat_l5.apc", "chat_l5.noapc"])(
  "%s: the tokens of prompts are those that the prefix cache did not hold",
  async (run) => {
    const { requests, iterations } = await loadChat(run);
    const sum = (values: Int32Array) => values.reduce((total, each) => total + each, 0);
    const cached = sum(requests.cachedTokens!);
    expect(cached > 0).toBe(!run.includes("noapc"));
    expect(sum(iterations.contextTokens)).toBe(sum(requests.promptTokens) - cached);
  },
);

test("with a prefix cache the log alone says too little, and the run's requests say the rest", async () => {
  const { server, requests, iterations } = await loadChat("chat_l5.apc");
  const alone = loggedSteps(iterations, server);
  const joined = exactSteps(alone, requests, server);
  const [bare, full] = [alone, joined].map((steps) => fitStepCost([steps]));
  expect(bare.report.unknown).toEqual(["shared"]);
  expect(full.report.unknown).toEqual([]);
  // The same server without a cache: there the log says it all.
  const other = await loadChat("chat_l5.noapc");
  const { cost } = fitStepCost([loggedSteps(other.iterations, other.server)]);
  const off = (of: typeof bare) => Math.abs(of.cost.perPrefillToken! / cost.perPrefillToken! - 1);
  expect(off(bare)).toBeGreaterThan(0.5);
  expect(off(full)).toBeLessThan(0.05);
  expect(Math.abs(full.cost.perPrefillPair! / cost.perPrefillPair! - 1)).toBeLessThan(0.2);
});
