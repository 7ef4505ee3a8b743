import { describe, expect, test } from "vitest";
import { ServerConfig } from "../../../src/servers/continuous/config.ts";
import { InputError } from "../../../src/errors/input-error.ts";
import { parseWith } from "../../../src/errors/parse-with.ts";

const parse = (input: unknown) => parseWith(ServerConfig, input, "server.json");
const LEAST = { max_model_len: 4096, num_gpu_blocks: 9000 };

test("what is not given is vLLM's default on an L4", () => {
  expect(parse(LEAST)).toEqual({
    max_num_seqs: 256,
    max_num_batched_tokens: 2048,
    max_model_len: 4096,
    num_gpu_blocks: 9000,
    block_size: 16,
    scheduling_policy: "fcfs",
    enable_chunked_prefill: true,
    long_prefill_token_threshold: 0,
    scheduler_reserve_full_isl: true,
    watermark: 0,
    enable_prefix_caching: true,
    async_scheduling: true,
  });
});

describe("what vLLM would not start with is refused with the reason", () => {
  test.each([
    [
      "a budget below the seats",
      { max_num_batched_tokens: 255 },
      /max_num_batched_tokens: got 255, expected at least max_num_seqs \(256\)/,
    ],
    [
      "a prompt over the budget without chunks",
      { enable_chunked_prefill: false },
      /at least max_model_len \(4096\)/,
    ],
    [
      "a threshold over any prompt",
      { long_prefill_token_threshold: 4097 },
      /at most max_model_len/,
    ],
    [
      "KV for less than one sequence",
      { num_gpu_blocks: 256 },
      /num_gpu_blocks: got 256, expected at least 257/,
    ],
    [
      "an unknown policy",
      { scheduling_policy: "sjf" },
      /scheduling_policy: got "sjf", expected one of fcfs, priority/,
    ],
    ["a watermark of everything", { watermark: 1 }, /watermark: got 1/],
    ["no seats", { max_num_seqs: 0 }, /max_num_seqs: got 0/],
    ["half a block", { block_size: 0.5 }, /block_size: got 0.5/],
    ["a field of another name", { max_seqs: 4 }, /max_seqs: got 4, expected a known name/],
  ])("%s", (_, change, message) => {
    expect(() => parse({ ...LEAST, ...change })).toThrow(InputError);
    expect(() => parse({ ...LEAST, ...change })).toThrow(message);
  });
});

test("KV for exactly one sequence and the null block will do", () => {
  expect(parse({ ...LEAST, num_gpu_blocks: 257 }).num_gpu_blocks).toBe(257);
});
