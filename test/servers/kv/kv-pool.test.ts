import { expect, test } from "vitest";
import { GPUS, L4 } from "../../../src/servers/gpus/bundled.ts";
import { batchLimitsOf } from "../../../src/servers/gpus/server-defaults.ts";
import {
  blocksForRequest,
  blocksHeld,
  kvBlocksIn,
  kvGroups,
  loggedKvTokens,
} from "../../../src/servers/kv/kv-groups.ts";
import { assertBlocksFit, assertHoldsRequest, kvPool } from "../../../src/servers/kv/kv-pool.ts";
import { MODELS } from "../../../src/servers/models/bundled.ts";
import { vllmVersion } from "../../../src/servers/vllm-version.ts";

const ASYNC_2048 = 4096;
const at = (maxModelLen: number, hybridDisabled = false) => ({
  maxModelLen,
  tokensInFlight: ASYNC_2048,
  hybridDisabled,
});

test.each([
  // KV sizing reference §3.
  ["gpt-oss-20b", 131_072, { layers: 12, full: 1, sliding: 1, blockBytes: 393_216 }],
  ["gemma-2-9b", 8192, { layers: 21, full: 1, sliding: 1 }],
  ["gemma-3-27b (text)", 131_072, { layers: 10, full: 1, sliding: 6 }],
  ["Phi-3-mini-4k-instruct", 4096, { layers: 32, full: 0, sliding: 1 }],
  ["Llama-3.1-8B", 131_072, { layers: 32, full: 1, sliding: 0, blockBytes: 2_097_152 }],
])("layers of %s at %i are grouped as vLLM groups them", (name, length, groups) => {
  expect(kvGroups(MODELS[name], at(length))).toMatchObject(groups);
});

test("nothing slides where the window is as long as a request may be, or when told so", () => {
  const gemma = MODELS["gemma-2-9b"];
  expect(kvGroups(gemma, at(4096))).toMatchObject({ layers: 42, full: 1, sliding: 0 });
  expect(kvGroups(gemma, at(8192, true))).toMatchObject({ layers: 42, full: 1, sliding: 0 });
});

test("gpt-oss-20b takes 8,192 + 265 blocks a request, and its log shows 132,032 tokens", () => {
  const model = MODELS["gpt-oss-20b"], layout = at(131_072);
  expect(blocksForRequest(model, layout, 131_072)).toBe(8192 + 265);
  const blocks = kvBlocksIn(3.12 * 2 ** 30, model, layout);
  expect(loggedKvTokens(blocks, model, layout)).toBe(132_032);
  // Decoding, its sliding layers have given back all but the window of 128.
  expect(blocksHeld(model, layout, 131_072)).toBe(8192 + 9);
  expect(blocksHeld(model, layout, 64)).toBe(8);
});

test.each([
  ["L4", 2048, 256],
  ["A100-SXM4-80GB", 2048, 256],
  ["L40S", 2048, 256],
  ["H100-SXM5-80GB", 8192, 1024],
  ["H200-SXM-141GB", 8192, 1024],
  ["B200-SXM-180GB", 16_384, 1024],
  ["MI300X", 16_384, 1024],
])("vLLM on %s takes a budget of %i tokens and %i sequences", (name, tokens, sequences) => {
  expect(batchLimitsOf(GPUS[name])).toEqual({
    max_num_batched_tokens: tokens,
    max_num_seqs: sequences,
  });
});

test("an A100 of 80 GB was a large card before 0.10", () => {
  expect(batchLimitsOf(GPUS["A100-SXM4-80GB"], "0.9.2").max_num_seqs).toBe(1024);
  expect(batchLimitsOf(L4, "0.9.2").max_num_seqs).toBe(256);
});

const limits = batchLimitsOf(L4);
function sized(name: string, options = {}, maxModelLen = 4096) {
  const model = MODELS[name], layout = at(maxModelLen);
  const pool = kvPool(model, L4, layout, { ...limits, ...options });
  assertHoldsRequest(pool.blocks, { pool, model, gpu: L4, layout });
  return pool;
}

test("flags change the pool as they change vLLM's", () => {
  const plain = sized("Qwen3-1.7B");
  expect(sized("Qwen3-1.7B", { gpu_memory_utilization: 0.5 }).blocks).toBeLessThan(plain.blocks);
  expect(sized("Qwen3-1.7B", { enforce_eager: true }).parts.graphs).toBe(0);
  expect(sized("Qwen3-1.7B", { vllm: "0.11.0" }).parts).toMatchObject({ graphs: 0 });
  expect(sized("Qwen3-1.7B", { precision: "fp8" }).parts.weights)
    .toBeLessThan(plain.parts.weights);
  // 2 GiB hold 1,170 blocks of 1,835,008 B.
  const given = sized("Qwen3-1.7B", { kv_cache_memory_bytes: 2 * 2 ** 30 });
  expect([given.blocks, given.low, given.high]).toEqual([1170, 1170, 1170]);
});

test("a model that does not fit is refused, and a length that does not fit with one that does", () => {
  expect(() => sized("Qwen2.5-32B")).toThrow(
    /server, field model: got "Qwen2\.5-32B", expected weights that leave room .*61\.0/,
  );
  expect(() => sized("Llama-3.1-8B", {}, 131_072)).toThrow(
    /server, field max_model_len: got 131072, expected at most 3\d{4}: one such request must fit/,
  );
  expect(() => sized("Qwen3-1.7B", { gpu_memory_utilization: 92 })).toThrow(
    /field gpu_memory_utilization: got 92/,
  );
  expect(() => vllmVersion("nightly")).toThrow(/field vllm: got "nightly", expected a version/);
});

test("blocks that somebody gives must fit the card beside the weights", () => {
  const pool = sized("Qwen3-1.7B");
  expect(() => assertBlocksFit(9550, pool, L4)).not.toThrow();
  for (const blocks of [20_000, 1, 99.5]) {
    expect(() => assertBlocksFit(blocks, pool, L4)).toThrow(
      new RegExp(`server, field num_gpu_blocks: got ${blocks}, expected 2 to 1\\d{4} blocks`),
    );
  }
});
