import { gzipSync } from "node:zlib";
import { beforeAll, expect, test } from "vitest";
import { InputError } from "../../../src/errors/input-error.ts";
import { fitStepCost } from "../../../src/fidelity/fit/fit-step-cost.ts";
import { fittable } from "../../../src/fidelity/fit/fittable.ts";
import { iterationLogs, readIterationLog } from "../../../src/fidelity/fit/iteration-log.ts";
import { loggedSteps } from "../../../src/fidelity/fit/logged-steps.ts";
import { unpacked } from "../../../src/workload/readers/parsing/unpack.ts";
import { readServerLog, type ServerLog } from "../../../src/fidelity/fit/server-log.ts";
import { chunksOf, interleave, REAL_SERVER, realLines } from "./support/real-lines.ts";

/** Runs of one server at 5 and at 3 requests a second. */
let busy: string[], calm: string[];
beforeAll(async () => {
  [busy, calm] = await Promise.all(["ds_l5.fcfs32", "ds_l3.fcfs32"].map(realLines));
});

const read = (lines: Iterable<string>) => readServerLog(chunksOf(lines), "vllm.log");

function fitOf(log: ServerLog) {
  return fitStepCost(fittable([{ log, server: REAL_SERVER }]).steps);
}

/** The two runs fitted apart: what a log of both as engines must come to. */
function fitApart() {
  return fitStepCost(
    [busy, calm].map((lines) =>
      loggedSteps(readIterationLog(lines.join("\n"), "vllm.log"), REAL_SERVER)
    ),
  );
}

const unnamed = (line: string) => line.replace(/Engine \d+: /, "");
const behind = (prefix: string) => (line: string) => `${prefix} ${line}`;

test.each([
  ["ranks in the names of processes, each of which counts itself as engine 0", [
    behind("(EngineCore_DP0 pid=123)"),
    behind("(EngineCore_DP1 pid=124)"),
  ]],
  ["the number behind the word engine", [
    (line: string) => `(APIServer pid=9) ${line}`,
    (line: string) => `(APIServer pid=9) ${line.replace("Engine 000", "Engine 001")}`,
  ]],
  ["names of processes as older versions print them, in colour", [
    (line: string) => `\u001b[1;36m(EngineCore_0 pid=7)\u001b[0;0m ${unnamed(line)}`,
    (line: string) => `\u001b[1;36m(EngineCore_1 pid=8)\u001b[0;0m ${unnamed(line)}`,
  ]],
  ["processes alone, where two servers print into one log", [
    (line: string) => `(EngineCore pid=7) ${unnamed(line)}`,
    (line: string) => `(EngineCore pid=8) ${unnamed(line)}`,
  ]],
  ["pods, in logs that are followed together", [
    behind("[pod/vllm-5f/server]"),
    behind("[pod/vllm-9c/server]"),
  ]],
  ["numbers of iterations alone", [unnamed, unnamed]],
])("engines in one log are told apart by %s", async (_, [first, second]) => {
  const log = await read(interleave(busy.map(first), calm.map(second)));
  expect(log.iterations.map(({ size }) => size)).toEqual([3610, 8420]);
  expect(new Set(log.iterations.map(({ engine }) => engine)).size).toBe(2);
  expect(log.iterations.map(({ run }) => run)).toEqual([1, 1]);
  const { cost, report } = fitOf(log);
  expect(cost).toEqual(fitApart().cost);
  expect(report.logs.map(({ steps }) => steps)).toEqual([3610, 8420]);
});

test("an engine that was started again begins another sequence", async () => {
  const log = await read([...busy, ...calm]);
  expect(log.iterations.map(({ engine, run, size }) => [engine, run, size])).toEqual([
    ["0", 1, 3610],
    ["0", 2, 8420],
  ]);
  expect(fitOf(log).cost).toEqual(fitApart().cost);
});

test("what needs one engine refuses two, and two starts, by name", () => {
  const both = interleave(busy, calm.map((line) => line.replace("Engine 000", "Engine 001")));
  expect(() => readIterationLog(both.join("\n"), "x.log")).toThrow(
    /x\.log: expected iterations of one engine.*engine 0, start 1; engine 1, start 1/,
  );
  expect(() => readIterationLog([...busy, ...calm].join("\n"), "x.log")).toThrow(
    /engine 0, start 1; engine 0, start 2/,
  );
});

test("lines that are missing are not taken for time between iterations", async () => {
  const { cost } = fitOf(await read(busy));
  const holes = busy.filter((_, i) => i % 40 !== 0);
  const log = await read(holes);
  expect(log.iterations).toHaveLength(1);
  const follows = log.iterations[0].follows.reduce((sum, each) => sum + each, 0);
  expect(follows).toBe(holes.length - Math.ceil(busy.length / 40));
  // Windows of three seconds without a hole are too few to say anything.
  expect(cost.perLoop).toBeGreaterThan(0.0005);
  expect(fitOf(log).cost.perLoop).toBe(0);
});

test("lines that two handlers print, in JSON, and packed with gzip are read", async () => {
  const plain = await read(busy);
  const twice = await read(busy.flatMap((line) => [line, line]));
  expect(twice.repeated).toBe(busy.length);
  expect(twice.iterations).toEqual(plain.iterations);
  const docker = busy.map((line) =>
    JSON.stringify({ log: `${line}\n`, stream: "stdout", time: "2026-11-23T09:00:00.1Z" })
  );
  expect(fitOf(await read(docker)).cost.seconds).toEqual(fitOf(plain).cost.seconds);
  const packed = gzipSync(`${busy.join("\n")}\n`);
  const chunks = (async function* () {
    for (let at = 0; at < packed.length; at += 4096) yield packed.subarray(at, at + 4096);
  })();
  expect(await readServerLog(unpacked(chunks, "vllm.log"), "vllm.log")).toEqual(plain);
});

test("iterations of an idle engine that keeps step with others are no steps", async () => {
  const dummy = (i: number) =>
    busy[i].replace(
      /Iteration\((\d+)\): .* generation tokens/,
      (_, number) =>
        `Iteration(${Number(number) + 0}): 0 context requests, 0 context tokens, ` +
        "0 generation requests, 0 generation tokens",
    );
  const lines = busy.map((line, i) => i % 10 === 3 ? dummy(i) : line);
  const { iterations: [log] } = await read(lines);
  expect([log.size, log.idle]).toEqual([3249, 361]);
  expect(Array.from(log.follows.subarray(0, 5))).toEqual([0, 1, 1, 0, 1]);
});

test("a log whose newest lines come first is refused, not taken for thousands of restarts", async () => {
  await expect(read(busy.toReversed())).rejects.toThrow(
    /vllm\.log, row 257: expected iterations in the order in which they ran/,
  );
});

/** A server of known cost, for as long as one likes. */
function* endless(count: number): Generator<string> {
  for (let i = 0; i < count; i++) {
    const b = 1 + (i >> 4) % 32;
    const prompt = i % 16 === 0 ? 100 : 0;
    const ms = 5 + 0.5 * b + 0.2 * prompt;
    yield `(EngineCore_DP0 pid=123) INFO 11-23 09:58:56 [loggers.py:185] Engine 000: ` +
      `Iteration(${i}): ${prompt > 0 ? 1 : 0} context requests, ${prompt} context tokens, ${b} ` +
      `generation requests, ${b} generation tokens, iteration elapsed time: ${ms.toFixed(2)} ms, ` +
      "GPU KV cache usage: 12.5%";
  }
}

test(
  "a log of 300 MB is read in a stream: even blocks of it are kept, and fit the same cost",
  async () => {
    const count = 1_400_000;
    let bytes = 0;
    const measured = async function* () {
      for await (const chunk of chunksOf(endless(count))) {
        bytes += chunk.length;
        yield chunk;
      }
    };
    const before = process.memoryUsage().rss;
    const log = await readServerLog(measured(), "long.log", { limit: 20_000 });
    const grown = process.memoryUsage().rss - before;
    expect(bytes).toBeGreaterThan(300e6);
    expect(grown).toBeLessThan(150e6);
    const [{ size, read, follows }] = log.iterations;
    expect(read).toBe(count);
    expect(size).toBeLessThanOrEqual(20_000);
    expect(size).toBeGreaterThan(10_000);
    // Blocks of 512 in a row, so what depends on the step before stays known.
    expect(follows.reduce((sum, each) => sum + each, 0)).toBe(size - Math.ceil(size / 512));
    const { cost, report } = fitStepCost(iterationLogs(log).map((each) => loggedSteps(each)));
    cost.sequences.slice(1).forEach((b, i) =>
      expect(cost.seconds[i + 1]).toBeCloseTo(0.005 + 0.0005 * b, 6)
    );
    expect(cost.perPrefillToken! * 100 + cost.perPrefillSequence! + cost.perPrefillPair! * 5050)
      .toBeCloseTo(0.02, 6);
    expect(report.logs).toMatchObject([{ steps: size, read: count }]);
  },
  120_000,
);

test("an engine other than vLLM is refused by its name", async () => {
  for (
    const [name, lines] of [
      ["SGLang", [
        "[2025-09-03 05:49:04] Prefill batch. #new-seq: 1, #new-token: 115, #cached-token: 351, " +
        "token usage: 0.02, #running-req: 0, #queue-req: 0,",
        "[2025-09-03 05:49:04] Decode batch. #running-req: 1, #token: 501, token usage: 0.02, " +
        "cuda graph: True, gen throughput (token/s): 65.75, #queue-req: 0,",
      ]],
      ["Text Generation Inference", [
        "2024-09-03T02:47:53.402023Z  INFO text_generation_router::server: " +
        "router/src/server.rs:2311: Connected",
      ]],
      ["TensorRT-LLM", [
        "[08/04/2026-19:08:13] [TRT-LLM] [I] iter = 12, global_rank = 0, rank = 0, " +
        "currank_total_requests = 1/8, host_step_time = 20.1ms, states = {'num_ctx_requests': 0}",
      ]],
      ["llama.cpp", [
        "slot print_timing: id  0 | task 568 | prompt eval time =     990.30 ms /    33 tokens",
        "srv  update_slots: all slots are idle",
      ]],
      ["llama.cpp", [
        "prompt eval time =     990.30 ms /    33 tokens (   30.01 ms per token, 33.32 tokens per second)",
      ]],
      ["Ollama", [
        "llama_model_loader: loaded meta data with 29 key-value pairs",
        'time=2026-02-25T18:14:44.253+08:00 level=INFO source=server.go:1388 msg="llama runner ' +
        'started in 9.99 seconds"',
        '[GIN] 2026/02/25 - 18:15:31 | 200 | 1.2s | 127.0.0.1 | POST "/api/chat"',
      ]],
    ] as const
  ) {
    const log = await read(lines);
    const refused = () => fittable([{ log }]);
    expect(refused).toThrow(InputError);
    expect(refused).toThrow(new RegExp(`vllm\\.log: expected lines of vLLM's .*log of ${name}`));
  }
});

test("names of other engines in a log of vLLM do no harm", async () => {
  const log = await read(["INFO model='/models/ollama/sglang-test'", ...busy]);
  expect(log.otherEngine).toBeNull();
  expect(fitOf(log).report.logs).toMatchObject([{ steps: 3610, otherLines: 1 }]);
});
