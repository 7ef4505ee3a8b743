import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { kvFactorOf, MixedPrice, mixedTimes } from "../../../src/servers/costs/mixed-step.ts";
import {
  headParameters,
  kvBytesPerToken,
  linearParameters,
} from "../../../src/servers/costs/model-shape.ts";
import { mixedKvFactor, physicalCost } from "../../../src/servers/costs/physical-cost.ts";
import { GPUS, L4 } from "../../../src/servers/gpus/bundled.ts";
import { MODELS, QWEN15_1_8B_CHAT, QWEN3_1_7B } from "../../../src/servers/models/bundled.ts";

const DENSE = Object.values(MODELS).filter(({ moe, slidingWindow }) =>
  moe === null && slidingWindow === null
);
const FA2 = Object.values(GPUS).filter(({ attention }) => attention === "FA2");

const loads = fc.record({
  decoding: fc.integer({ min: 0, max: 256 }),
  contextEach: fc.integer({ min: 1, max: 8192 }),
  prompts: fc.array(fc.integer({ min: 1, max: 2048 }), { minLength: 1, maxLength: 8 }),
}).map(({ decoding, contextEach, prompts }) => ({
  decoding,
  context: decoding * contextEach,
  prefilling: prompts.length,
  prefillTokens: prompts.reduce((sum, each) => sum + each, 0),
  prefillPairs: prompts.reduce((sum, each) => sum + each * (each + 1) / 2, 0),
  longestChunk: Math.max(...prompts),
  sampled: decoding + prompts.length,
}));

describe("on a real L4", () => {
  // Single steps of Qwen3-1.7B, as bytes-per-token measured them.
  test.each([
    [1, 256, 14.7],
    [1, 8224, 18.2],
    [1, 16_416, 21.8],
    [1, 32_800, 29.1],
    [119, 816, 65.0],
  ])("a step of %i sequences with %i tokens each takes %f ms, within 3 %%", (b, context, ms) => {
    const { base, perContextToken } = physicalCost(QWEN3_1_7B, L4);
    const step = 1000 * (base[b] + perContextToken[b] * b * context);
    expect(Math.abs(step / ms - 1)).toBeLessThan(0.03);
  });

  test("a prompt among 233 sequences costs what the mean of steps with and without one says", () => {
    // 147.2 ms on the average, at 397 prompt tokens a step: about 0.94 prompts, so that 39 % have none
    // where they come as they like, and the others 650 tokens.
    const cost = physicalCost(QWEN3_1_7B, L4);
    const price = new MixedPrice(cost.mixed!);
    const context = 233 * 631;
    price.price({
      ...{ decoding: 233, context, prefilling: 1, prefillTokens: 650, longestChunk: 650 },
      ...{ prefillPairs: 650 * 651 / 2, sampled: 234 },
    });
    const alone = cost.base[233] + cost.perContextToken[233] * context;
    const mean = 0.39 * alone + 0.61 * price.gpuSeconds;
    expect(Math.abs(1000 * mean / 147.2 - 1)).toBeLessThan(0.1);
  });
});

test("no step of a dense model is faster than the data sheet of its card allows", () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...DENSE),
      fc.constantFrom(...Object.values(GPUS)),
      fc.boolean(),
      loads,
      (model, gpu, asyncScheduling, load) => {
        const cost = physicalCost(model, gpu, { asyncScheduling });
        const linear = linearParameters(model), head = headParameters(model);
        const floorOf = (tokens: number, context: number) =>
          Math.max(
            (2 * (linear + head) + context * kvBytesPerToken(model)) / gpu.peakBandwidth,
            2 * linear * tokens / gpu.peakFlops,
          );
        const b = load.decoding;
        expect(cost.base[b] + cost.perContextToken[b] * load.context)
          .toBeGreaterThanOrEqual(floorOf(b, load.context));
        const price = new MixedPrice(cost.mixed!);
        price.price(load);
        expect(price.gpuSeconds)
          .toBeGreaterThanOrEqual(floorOf(b + load.prefillTokens, load.context));
      },
    ),
    { numRuns: 500 },
  );
});

test("more of anything in a step never takes less time", () => {
  const { mixed } = physicalCost(QWEN3_1_7B, L4);
  const price = new MixedPrice(mixed!);
  const secondsOf = (load: Parameters<typeof price.price>[0]) => {
    price.price(load);
    return price.gpuSeconds;
  };
  fc.assert(fc.property(loads, fc.nat({ max: 500 }), (load, more) => {
    const before = secondsOf(load);
    for (const name of Object.keys(load) as (keyof typeof load)[]) {
      expect(secondsOf({ ...load, [name]: load[name] + more }), name).toBeGreaterThanOrEqual(
        before,
      );
    }
  }));
});

test("a machine that takes longer takes as much longer for each term", () => {
  const { mixed } = physicalCost(QWEN3_1_7B, L4);
  const price = new MixedPrice(mixed!), slow = new MixedPrice(mixedTimes(mixed!, 1.25));
  fc.assert(fc.property(loads, (load) => {
    price.price(load);
    slow.price(load);
    expect(slow.gpuSeconds / price.gpuSeconds).toBeCloseTo(1.25, 12);
  }));
});

describe("KV of decoding sequences beside prompts", () => {
  test("kernels that pack the query heads, or have nothing to pack, read it as ever", () => {
    for (const gpu of Object.values(GPUS)) {
      const factor = mixedKvFactor(QWEN15_1_8B_CHAT, gpu);
      expect(kvFactorOf(factor, 200, 500_000), gpu.name).toBe(1);
    }
    const grouped = MODELS["Llama-3.1-8B"];
    for (const gpu of Object.values(GPUS).filter(({ attention }) => attention !== "FA2")) {
      expect(kvFactorOf(mixedKvFactor(grouped, gpu), 200, 500_000), gpu.name).toBe(1);
    }
    // KV in fp8 is read by other kernels.
    expect(kvFactorOf(mixedKvFactor(grouped, L4, { kvBytesPerValue: 1 }), 200, 5e5)).toBe(1);
  });

  test("FlashAttention 2 costs more the more heads share a KV head, and once the L2 is full", () => {
    for (const gpu of FA2) {
      const at = (name: string, context: number) =>
        kvFactorOf(mixedKvFactor(MODELS[name], gpu), 256, context);
      // 2, 4 and 8 query heads to a KV head.
      const names = ["Qwen3-1.7B", "Llama-3.1-8B", "Qwen3-32B"];
      const small = names.map((name) => at(name, 1000)), large = names.map((name) => at(name, 1e6));
      expect(small, gpu.name).toEqual([...small].sort((a, b) => a - b));
      small.forEach((factor, i) => {
        expect(factor).toBeGreaterThanOrEqual(1);
        expect(large[i]).toBeGreaterThanOrEqual(factor);
      });
    }
  });

  // Kernel times of LLMServingSim's profiles on an RTX PRO 6000, mixed against alone (host overheads
  // reference §2), at batches large enough for the kernel alone to reach the bandwidth.
  test.each([
    ["Llama-3.1-8B", 128, 1024, 1.7],
    ["Llama-3.1-8B", 128, 2048, 2.0],
    ["Llama-3.1-8B", 128, 4096, 2.9],
    ["Qwen3-32B", 128, 1024, 3.1],
    ["Qwen3-32B", 128, 2048, 3.4],
    ["Qwen3-32B", 128, 4096, 5.6],
  ])("%s, %i sequences of %i tokens: %f times, within 40 percent", (name, b, context, measured) => {
    const factor = mixedKvFactor(MODELS[name], GPUS["RTX PRO 6000 Blackwell WS"]);
    expect(Math.abs(kvFactorOf(factor, b, b * context) / measured - 1)).toBeLessThan(0.4);
  });
});

test("synchronous scheduling adds the host to each step, asynchronous hides it", () => {
  const hidden = physicalCost(QWEN3_1_7B, L4);
  const added = physicalCost(QWEN3_1_7B, L4, { asyncScheduling: false });
  for (const b of [1, 32, 256]) {
    expect(added.base[b] - hidden.base[b]).toBeCloseTo(1.5e-3 + 18e-6 * b, 12);
    expect(added.floor![b]).toBeGreaterThanOrEqual(hidden.floor![b]);
  }
});

test("a sliding layer reads its window and no more, where sequences are longer", () => {
  const model = { ...QWEN3_1_7B, slidingWindow: 512, slidingLayers: 14 };
  const all = physicalCost(QWEN3_1_7B, L4), slides = physicalCost(model, L4);
  const kv = (cost: typeof all, context: number) =>
    cost.base[4] + cost.perContextToken[4] * 4 * context;
  // Half of the layers stop at 512 tokens: at 512 nothing is saved yet, and half of all beyond.
  expect(kv(slides, 512)).toBeCloseTo(kv(all, 512), 9);
  const more = kv(all, 2512) - kv(all, 512);
  expect(kv(slides, 2512) - kv(slides, 512)).toBeCloseTo(more / 2, 9);
  // Shorter than the window: every layer reads all of it.
  const short = physicalCost(model, L4, { typicalTokens: 400 });
  expect(kv(short, 300)).toBeCloseTo(kv(all, 300), 9);
});

test("two cards share weights, KV and products, and pay for their sums", () => {
  const model = MODELS["Llama-3.1-70B"], gpu = GPUS["H100-SXM5-80GB"];
  const two = physicalCost(model, gpu, { tensorParallel: 2 });
  const four = physicalCost(model, gpu, { tensorParallel: 4 });
  for (const b of [1, 64]) {
    const ratio = two.base[b] / four.base[b];
    expect(ratio).toBeGreaterThan(1);
    expect(ratio).toBeLessThan(2);
  }
  expect(two.perContextToken[1] / four.perContextToken[1]).toBeCloseTo(2, 12);
});

test("of a mixture the experts that a batch touches are read, and no more than all", () => {
  const model = MODELS["Qwen3-30B-A3B"], gpu = GPUS["A100-SXM4-80GB"];
  const { base, mixed } = physicalCost(model, gpu);
  expect(base[64]).toBeGreaterThan(3 * base[1]);
  const { weights } = mixed!;
  expect(weights.every((seconds, i) => i < 2 || seconds >= weights[i - 1])).toBe(true);
  const all = 2 * (linearParameters(model) + headParameters(model)) / gpu.readBandwidth;
  expect(weights[weights.length - 1]).toBeGreaterThan(all);
  expect(weights[weights.length - 1]).toBeLessThan(1.15 * all);
});
