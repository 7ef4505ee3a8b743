import { expect, test } from "vitest";
import bundled from "../../../data/models_gpus/models.json" with { type: "json" };
import {
  activeParameterCount,
  kvBytesPerToken,
  kvBytesRead,
  kvHeadsOfRank,
  parameterCount,
} from "../../../src/servers/costs/model-shape.ts";
import { modelNamed, MODELS } from "../../../src/servers/models/bundled.ts";
import {
  allReduceBytesPerToken,
  expectedExperts,
  headBytes,
  linearBytesRead,
  weightBytes,
} from "../../../src/servers/models/weights.ts";

test.each(bundled.models.map((row) => [row.name, row] as const))(
  "%s has the parameters that were published",
  (name, row) => {
    const model = MODELS[name];
    expect(parameterCount(model)).toBe(row.params_computed);
    expect(Math.abs(parameterCount(model) / row.params_published - 1)).toBeLessThan(1e-3);
    if (row.params_published_exact) expect(parameterCount(model)).toBe(row.params_published);
    if (row.params_active_computed !== undefined) {
      // The file leaves the biases of experts and router out: 0.03 %.
      expect(activeParameterCount(model) / row.params_active_computed).toBeCloseTo(1, 3);
    }
    expect(kvBytesPerToken(model)).toBe(row.kv_bytes_per_token_16bit);
  },
);

test("there are 60 shapes, and none is named twice", () => {
  expect(Object.keys(MODELS)).toHaveLength(60);
});

const GIB = 2 ** 30;
test.each(
  [
    // Logged by vLLM while loading; the last digits are what a loader keeps beside the weights.
    ["Qwen3-0.6B", "bf16", 1.12, 0.02],
    ["Qwen3-1.7B", "bf16", 3.22, 0.02],
    ["Qwen3-1.7B", "fp8", 1.9, 0.02],
    ["Qwen3-1.7B", "awq", 1.27, 0.03],
    ["Qwen2.5-7B", "bf16", 14.25, 0.07],
    ["Qwen2.5-7B", "awq", 5.29, 0.11],
    ["Llama-3.1-8B", "bf16", 14.99, 0.04],
    ["Qwen3-14B", "bf16", 27.52, 0.04],
    ["Qwen2.5-32B", "bf16", 61.04, 0.02],
    ["gpt-oss-20b", "mxfp4", 12.87, 0.06],
  ] as const,
)("the weights of %s in %s take the %f GiB that vLLM logs", (name, precision, gib, off) => {
  const found = weightBytes(MODELS[name], { precision }) / GIB;
  expect(Math.abs(found - gib)).toBeLessThanOrEqual(off);
});

test("ranks share matrices and copy norms", () => {
  const model = MODELS["Llama-3.1-8B"];
  const norms = 2 * (2 * model.layers + 1) * model.hidden;
  const whole = weightBytes(model), quarter = weightBytes(model, { tensorParallel: 4 });
  expect(4 * quarter - whole).toBe(3 * norms);
});

test("with more ranks than KV heads each head is held twice", () => {
  const model = MODELS["Qwen3-235B-A22B"];
  expect([1, 2, 4, 8].map((n) => kvHeadsOfRank(model, n))).toEqual([4, 2, 1, 1]);
  expect(kvBytesPerToken(model, { tensorParallel: 8 })).toBe(48_128);
  expect(kvBytesPerToken(model, { tensorParallel: 8, bytesPerValue: 1 })).toBe(24_064);
});

test("a sliding layer reads no more than its window", () => {
  const model = MODELS["gemma-3-27b (text)"];
  const perLayer = kvBytesPerToken(model) / model.layers;
  expect(kvBytesRead(model, 1000)).toBe(1000 * kvBytesPerToken(model));
  expect(kvBytesRead(model, 5000)).toBe(perLayer * (10 * 5000 + 52 * 1024));
});

test("experts touched by a step are counted as an expectation", () => {
  const model = MODELS["Mixtral-8x7B-v0.1"];
  // Two tokens take 2 of 8 each: 4 less the expected number both take, 8 · (2/8)².
  expect(expectedExperts(model, 1)).toBeCloseTo(2, 12);
  expect(expectedExperts(model, 2)).toBeCloseTo(4 - 8 / 16, 12);
  expect(expectedExperts(model, 1000)).toBeCloseTo(8, 9);
  // One token reads what is active, many all of it.
  const head = headBytes(model), embeddings = 2 * head;
  const small = 2 * (2 * model.layers + 1) * model.hidden;
  expect(linearBytesRead(model, 1)).toBeCloseTo(
    2 * activeParameterCount(model) - embeddings - small,
    -1,
  );
  expect(linearBytesRead(model, 1e4)).toBeCloseTo(weightBytes(model) - embeddings - small, -1);
});

test("ranks of a dense model read the same whatever the batch, and sum up twice a layer", () => {
  const model = MODELS["Llama-3.1-70B"];
  expect(linearBytesRead(model, 1, { tensorParallel: 4 }))
    .toBe(linearBytesRead(model, 256) / 4);
  expect(allReduceBytesPerToken(model, 1)).toBe(0);
  expect(allReduceBytesPerToken(model, 4)).toBe(2 * 80 * 1.5 * 8192 * 2);
});

test("a shape is found as Hugging Face writes it; others are refused with names that come near", () => {
  expect(modelNamed("meta-llama/Llama-3.1-8B-Instruct").name).toBe("Llama-3.1-8B");
  expect(modelNamed("google/gemma-3-4b-it").name).toBe("gemma-3-4b (text)");
  expect(modelNamed("meta-llama/Meta-Llama-3-8B-Instruct").name).toBe("Meta-Llama-3-8B");
  expect(() => modelNamed("Qwen/Qwen3-9B")).toThrow(
    /model, field model: got "Qwen\/Qwen3-9B", expected .*config\.json.*Qwen3-8B/,
  );
});
