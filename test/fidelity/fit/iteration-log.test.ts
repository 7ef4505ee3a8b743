import { expect, test } from "vitest";
import { InputError } from "../../../src/errors/input-error.ts";
import { readIterationLog } from "../../../src/fidelity/fit/iteration-log.ts";

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
