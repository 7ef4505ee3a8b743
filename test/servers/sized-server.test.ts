import { expect, test } from "vitest";
import { describeSizedServer, premisesOf } from "../../src/servers/describe-sized-server.ts";
import { gpuOfCard } from "../../src/servers/gpus/card.ts";
import { MODELS } from "../../src/servers/models/bundled.ts";
import { serverOf } from "../../src/servers/server.ts";
import { serverFor, sizeServer } from "../../src/servers/sized-server.ts";

test("a model on a card is a server with vLLM's defaults for that card", () => {
  const server = serverOf(serverFor({ model: "Llama-3.1-8B", gpu: "H100-SXM5-80GB" }));
  expect(server.name).toBe("Llama-3.1-8B on NVIDIA H100-SXM5-80GB");
  expect(server.config).toMatchObject({
    max_num_batched_tokens: 8192,
    max_num_seqs: 1024,
    max_model_len: 131_072,
    async_scheduling: true,
  });
  // Logged: 28,781.
  expect(Math.abs(server.config.num_gpu_blocks / 28_781 - 1)).toBeLessThan(0.01);
  expect(server.cost.base).toHaveLength(1025);
});

test("flags, precision, version and given blocks count", () => {
  const plain = sizeServer({ model: "Qwen3-1.7B", gpu: "L4" });
  const old = sizeServer({ model: "Qwen3-1.7B", gpu: "L4", vllm: "0.11.0" });
  expect(old.server.config!.async_scheduling).toBe(false);
  const halved = sizeServer({ model: "Qwen3-1.7B", gpu: "L4", flags: { kv_cache_dtype: "fp8" } });
  expect(Math.abs(halved.blocks - 2 * plain.blocks)).toBeLessThanOrEqual(1);
  const given = sizeServer({ model: "Qwen3-1.7B", gpu: "L4", kvBlocks: 9550 });
  expect(given.server.config!.num_gpu_blocks).toBe(9550);
  expect(given.blocksGiven).toBe(true);
  const two = sizeServer({ model: "Qwen3-1.7B", gpu: "L4", tensorParallel: 2 });
  expect(two.server.name).toBe("Qwen3-1.7B on 2 × NVIDIA L4");
  expect(two.blocks).toBeGreaterThan(2 * plain.blocks);
});

test("where layers slide, the one pool holds as many typical requests as vLLM's groups", () => {
  const { blocks, server } = sizeServer({ model: "gemma-3-27b (text)", gpu: "H100-SXM5-80GB" });
  // 2,048 tokens take 128 blocks of the full group and 65 of each of six sliding ones.
  expect(server.config!.num_gpu_blocks).toBe(Math.floor(blocks * 128 / (128 + 6 * 65)));
  expect(() => serverOf(server)).not.toThrow();
});

test("a card and a shape of one's own serve as bundled ones do", () => {
  const gpu = gpuOfCard({
    ...{ name: "Card X", memory_bytes: 24e9, peak_bandwidth: 1e12, peak_bf16_flops: 2e14 },
  });
  const model = { ...MODELS["Qwen3-0.6B"], name: "mine" };
  expect(serverFor({ model, gpu }).name).toBe("mine on Card X");
});

test("what is measured and what is assumed is told apart", () => {
  const bases = (gpu: string) =>
    Object.fromEntries(
      premisesOf(sizeServer({ model: "Qwen3-8B", gpu })).map(({ what, basis }) => [what, basis]),
    );
  expect(bases("A100-SXM4-80GB")).toMatchObject({
    ...{ "read bandwidth": "measured", "bf16 matmul": "measured", "KV blocks": "rule" },
  });
  expect(bases("RTX 5090")).toMatchObject({
    ...{ "read bandwidth": "assumed", "bf16 matmul": "assumed" },
  });
  const text = describeSizedServer(sizeServer({ model: "Qwen3-8B", gpu: "RTX 5090" }));
  expect(text).toMatch(/read bandwidth +assumed +1613 GB\/s, 90 % of the peak \(82 % to 97 %\)/);
  expect(text).toMatch(/KV blocks +rule +\d,\d+ of 2,359,296 B \(\d,\d+ to \d,\d+\)/);
});

test("with piecewise graphs alone a decode step takes what the host launches: 12.1 ms on the L4", () => {
  const flags = { cudagraph_mode: "PIECEWISE" };
  const floor = (precision: string) => {
    const { cost } = serverOf(serverFor({ model: "Qwen3-0.6B", gpu: "L4", precision, flags }));
    return 1000 * cost.floor![1];
  };
  expect(floor("bf16")).toBeCloseTo(12.1, 6);
  // Measured: 25.8.
  expect(Math.abs(floor("fp8") - 25.8)).toBeLessThan(0.5);
});

test.each([
  [
    { model: "Qwen3-0.6B", gpu: "L4", flags: { cudagraph_mode: "NONE" } },
    /field cudagraph_mode: got/,
  ],
  [
    { model: "Qwen3-8B", gpu: "L4", tensorParallel: 3 },
    /field tensorParallel: got 3, expected .*32/,
  ],
  [{ model: "Qwen3-30B-A3B", gpu: "L4", tensorParallel: 0 }, /field tensorParallel: got 0/],
  [
    { model: "Qwen3-8B", gpu: "L4", precision: "int3" },
    /field precision: got "int3", expected one/,
  ],
  [
    { model: "Qwen3-8B", gpu: "L4", kvBlocks: 1e6 },
    /field num_gpu_blocks: got 1000000, expected 2 to/,
  ],
  [
    { model: "Qwen3-8B", gpu: "L4", kvBlocks: 100 },
    /field max_model_len: got 40960, expected at most 15/,
  ],
  [
    { model: "Qwen3-8B", gpu: "L4", flags: { kv_cache_dtype: "int2" } },
    /field kv_cache_dtype: got/,
  ],
  [{ model: "Qwen3-8B", gpu: "L4", vllm: "now" }, /field vllm: got "now"/],
  [{ model: "Qwen3-32B", gpu: "L4" }, /server, field model: got "Qwen3-32B", expected weights/],
])("%j is refused", (parts, message) => {
  expect(() => sizeServer(parts)).toThrow(message);
});
