import fc from "fast-check";
import { expect, test } from "vitest";
import { L4 } from "../../../src/servers/gpus/bundled.ts";
import { KERNEL_PATHS, type KernelPath } from "../../../src/servers/costs/kernel-path.ts";
import {
  headParameters,
  kvBytesPerToken,
  linearParameters,
} from "../../../src/servers/costs/model-shape.ts";
import { MODELS, QWEN25_7B, QWEN3_1_7B } from "../../../src/servers/models/bundled.ts";
import { L4_QWEN25_7B_AWQ } from "../../../src/servers/costs/presets.ts";
import { roofline } from "../../../src/servers/costs/roofline.ts";

test("the models have the sizes that their config.json implies", () => {
  // Published: 1.7 B (tied), 7.61 B with the embedding that is not read.
  expect((linearParameters(QWEN3_1_7B) + headParameters(QWEN3_1_7B)) / 1e9).toBeCloseTo(1.72, 2);
  expect((linearParameters(QWEN25_7B) + 2 * headParameters(QWEN25_7B)) / 1e9).toBeCloseTo(7.615, 2);
  expect([kvBytesPerToken(QWEN3_1_7B), kvBytesPerToken(QWEN25_7B)]).toEqual([114_688, 57_344]);
});

test.each(
  [
    ["hf-bf16", 62.32],
    ["hf-nf4", 59.36],
    ["hf-awq-marlin", 45.24],
    ["hf-gptq-exllamav2", 17.36],
  ] as const,
)("a token of the batch-1 study on %s takes %f ms, within 3 %%", (path, ms) => {
  // Nothing fixed: at batch 1 the L4's launches hide behind its memory.
  const options = { kernel: KERNEL_PATHS[path], fixedSeconds: 0, maxSequences: 1 };
  const { base, perContextToken } = roofline(QWEN25_7B, L4, options);
  const step = 1000 * (base[1] + 2048 * perContextToken[1]);
  expect(Math.abs(step / ms - 1)).toBeLessThan(0.03);
});

test("AWQ under vLLM's Marlin costs a 7B model about what Mistral-7B measured: 16.3 ms", () => {
  const { base, perContextToken } = L4_QWEN25_7B_AWQ;
  // Its head is 4 times Mistral's: 0.83 GB more to read.
  const head = 1000 * 0.83e9 / L4.readBandwidth;
  expect(1000 * (base[1] + 200 * perContextToken[1]) - head).toBeCloseTo(16.3, -0.5);
});

test("no step of any model by any path is faster than the L4's data sheet allows", () => {
  const paths: (KernelPath | undefined)[] = [undefined, ...Object.values(KERNEL_PATHS)];
  fc.assert(
    fc.property(
      fc.constantFrom(...Object.values(MODELS)),
      fc.constantFrom(...paths),
      fc.record({
        batch: fc.integer({ min: 1, max: 256 }),
        contextEach: fc.integer({ min: 0, max: 32_768 }),
        prefill: fc.integer({ min: 0, max: 8192 }),
        overlap: fc.double({ min: 0, max: 1, noNaN: true }),
        prefillEfficiency: fc.double({ min: 0.1, max: 1.1, noNaN: true }),
        attentionLossCap: fc.double({ min: 0, max: 0.6, noNaN: true }),
      }),
      (model, kernel, { batch, contextEach, prefill, ...options }) => {
        const cost = roofline(model, L4, { ...options, kernel, fixedSeconds: 0 });
        const linear = linearParameters(model), head = headParameters(model);
        const context = batch * contextEach;
        const bits = kernel?.bitsPerWeight ?? 16;
        const bytes = linear * bits / 8 + 2 * head + context * kvBytesPerToken(model);
        const peak = kernel?.arithmetic === "fp8" ? L4.peakFp8Flops : L4.peakFlops;
        const floor = Math.max(
          bytes / L4.peakBandwidth,
          2 * linear * (batch + prefill) / peak + 2 * head * batch / L4.peakFlops,
        );
        const step = cost.base[batch] + cost.perContextToken[batch] * context +
          cost.perPrefillToken * prefill;
        expect(step).toBeGreaterThanOrEqual(floor);
      },
    ),
    { numRuns: 2000 },
  );
});
