import { expect, test } from "vitest";
import { L4 } from "../../../src/servers/gpus/bundled.ts";
import { QWEN15_1_8B_CHAT as QWEN } from "../../../src/servers/models/bundled.ts";
import {
  headParameters,
  kvBytesPerToken,
  linearParameters,
} from "../../../src/servers/costs/model-shape.ts";
import { L4_QWEN15_1_8B } from "../../../src/servers/costs/presets.ts";
import { roofline } from "../../../src/servers/costs/roofline.ts";

test("Qwen1.5-1.8B-Chat has the sizes that its config.json implies", () => {
  const linear = linearParameters(QWEN), head = headParameters(QWEN);
  // The input embedding is as large as the output head, and not tied to it.
  expect((linear + 2 * head) / 1e9).toBeCloseTo(1.837, 3);
  expect((linear + head) * QWEN.bytesPerValue / 1e9).toBeCloseTo(3.05, 2);
  expect(kvBytesPerToken(QWEN)).toBe(196_608);
});

test.each([
  [1, 256, 13.1],
  [8, 300, 15.4],
  [16, 300, 18.2],
  [32, 300, 24.1],
  [64, 300, 36.7],
])("without the eager factor a step of %i at context %i takes %f ms on an L4", (b, context, ms) => {
  const { base, perContextToken } = roofline(QWEN, L4);
  const step = 1000 * (base[b] + perContextToken[b] * b * context);
  expect(Math.abs(step - ms)).toBeLessThanOrEqual(0.1);
});

test("the preset is that roofline times the measured price of running without CUDA graphs", () => {
  const graphs = roofline(QWEN, L4);
  for (const b of [1, 2, 32, 256]) {
    expect(L4_QWEN15_1_8B.base[b] / graphs.base[b]).toBeCloseTo(1.028, 12);
    expect(L4_QWEN15_1_8B.perContextToken[b] / graphs.perContextToken[b]).toBeCloseTo(1.028, 12);
  }
  expect(L4_QWEN15_1_8B.perPrefillToken).toBe(graphs.perPrefillToken);
  expect(L4_QWEN15_1_8B.perRequest).toBe(0.0041);
});

test("the terms are those of the published step model", () => {
  const { base, perContextToken, perPrefillToken } = roofline(QWEN, L4);
  const linear = linearParameters(QWEN), head = headParameters(QWEN);
  const perSequence = 2 * (linear + head) / 57e12;
  expect(base[1]).toBeCloseTo(1.21e-3 + 2 * (linear + head) / 262e9 + perSequence, 12);
  expect(base[33] - base[32]).toBeCloseTo(perSequence, 12);
  expect(perPrefillToken).toBeCloseTo(2 * linear / (0.81 * 57e12), 15);
  expect(perContextToken[1]).toBe(196_608 / 262e9);
  expect(perContextToken[64] / perContextToken[1]).toBeCloseTo(1 / (1 - 0.049 * 6), 12);
});

test("no step is faster than the data sheet's bandwidth and FLOP/s allow", () => {
  const weights = (linearParameters(QWEN) + headParameters(QWEN)) * QWEN.bytesPerValue;
  for (const cost of [roofline(QWEN, L4), L4_QWEN15_1_8B]) {
    for (let b = 1; b <= 256; b++) {
      for (const contextEach of [0, 1, 300, 2048, 32_768]) {
        for (const prefill of [0, 1, 512, 2048, 8192]) {
          const context = b * contextEach;
          const bytes = weights + context * kvBytesPerToken(QWEN);
          const flops = 2 * (linearParameters(QWEN) + headParameters(QWEN)) * b +
            2 * linearParameters(QWEN) * prefill;
          const floor = Math.max(bytes / L4.peakBandwidth, flops / L4.peakFlops);
          const step = cost.base[b] + cost.perContextToken[b] * context +
            cost.perPrefillToken * prefill;
          if (!(step >= floor)) expect.unreachable(`batch ${b}, context ${context}: ${step}`);
        }
      }
    }
  }
});

test("the constants are options, and the table is as long as the largest batch", () => {
  const cost = roofline(QWEN, L4, {
    maxSequences: 8,
    fixedSeconds: 1,
    prefillEfficiency: 0.5,
    attentionLossPerDoubling: 0,
    requestSeconds: 2,
    eagerFactor: 3,
  });
  const plain = roofline(QWEN, L4, { fixedSeconds: 1 });
  expect([cost.base.length, cost.perContextToken.length]).toEqual([9, 9]);
  expect(cost.base[8]).toBeCloseTo(3 * plain.base[8], 12);
  expect(cost.perContextToken[8]).toBeCloseTo(3 * 196_608 / 262e9, 15);
  expect(cost.perPrefillToken / plain.perPrefillToken).toBeCloseTo(0.81 / 0.5, 12);
  expect(cost.perRequest).toBe(2);
});
