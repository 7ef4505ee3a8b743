import { expect, test } from "vitest";
import {
  activeLinearParameters,
  headParameters,
  kvBytesRead,
} from "../../../src/servers/costs/model-shape.ts";
import { GPUS } from "../../../src/servers/gpus/bundled.ts";
import { DELIVERY_SECONDS, HOST_PAUSE } from "../../../src/servers/gpus/card-kernels.ts";
import { CLOUD_HOST } from "../../../src/servers/costs/host.ts";
import { physicalCost, type PhysicalOptions } from "../../../src/servers/costs/physical-cost.ts";
import { MODELS } from "../../../src/servers/models/bundled.ts";
import { type Precision, PRECISIONS } from "../../../src/servers/models/precision.ts";
import { headBytes, linearBytesRead } from "../../../src/servers/models/weights.ts";

const { seconds, perSequence } = HOST_PAUSE.V0;
const V0_HOST = { ...CLOUD_HOST, prepareSeconds: seconds, preparePerSequence: perSequence };
const MODELS_TRIED = ["Qwen3-1.7B", "Llama-3.1-8B", "gemma-2-9b", "Qwen3-30B-A3B", "gpt-oss-20b"];

test("no decode step on any card is faster than its data sheet allows", () => {
  for (const [name, gpu] of Object.entries(GPUS)) {
    for (const model of MODELS_TRIED.map((each) => MODELS[each])) {
      for (const precision of Object.keys(PRECISIONS) as Precision[]) {
        for (const tensorParallel of [1, 4]) {
          const storage = { precision, tensorParallel };
          const { base, perContextToken } = physicalCost(model, gpu, storage);
          for (const b of [1, 8, 64, 256]) {
            // Beyond every window, where the cost takes sliding layers as full.
            const each = 8192;
            const bytes = linearBytesRead(model, b, storage) + headBytes(model, storage) +
              b * kvBytesRead(model, each, { tensorParallel });
            const peak = Math.max(gpu.peakFlops, gpu.peakFp8Flops, 2 * gpu.peakFlops);
            const flops = 2 * b * (activeLinearParameters(model) + headParameters(model));
            const floor = Math.max(bytes / gpu.peakBandwidth, flops / tensorParallel / peak);
            const step = base[b] + perContextToken[b] * b * each;
            if (!(step >= floor)) {
              expect.unreachable(`${model.name} ${precision} on ${name}, ${b}: ${step} < ${floor}`);
            }
          }
        }
      }
    }
  }
});

const step = (
  name: string,
  gpu: string,
  options: PhysicalOptions,
  b = 1,
) => physicalCost(MODELS[name], GPUS[gpu], options).base[b];

test("a step is shorter with fewer bits, with more cards, and without a pause for the host", () => {
  const h100 = (options: PhysicalOptions) => step("Llama-3.1-70B", "H100-SXM5-80GB", options);
  expect(h100({ precision: "fp8" })).toBeLessThan(h100({}));
  expect(h100({ precision: "awq" })).toBeLessThan(h100({ precision: "fp8" }));
  expect(h100({ tensorParallel: 4 })).toBeLessThan(h100({ tensorParallel: 2 }));
  expect(h100({ asyncScheduling: false })).toBeGreaterThan(h100({}));
  expect(h100({ asyncScheduling: false, host: V0_HOST }))
    .toBeGreaterThan(h100({ asyncScheduling: false }));
});

test("sums over cards cost more over PCIe than over NVLink", () => {
  const added = (gpu: string) =>
    step("Qwen3-8B", gpu, { tensorParallel: 2 }) - step("Qwen3-8B", gpu, {}) / 2;
  expect(added("L40S")).toBeGreaterThan(added("A100-SXM4-80GB"));
});

test("a mixture of experts reads more of itself the more tokens a step has", () => {
  const one = step("Qwen3-30B-A3B", "H100-SXM5-80GB", {});
  // 3.3 B active parameters of 30.5 B.
  expect(one).toBeLessThan(step("Qwen3-14B", "H100-SXM5-80GB", {}));
  expect(step("Qwen3-30B-A3B", "H100-SXM5-80GB", {}, 64)).toBeGreaterThan(3 * one);
});

test("however fast the card, tokens take their time to their clients", () => {
  const { floor } = physicalCost(MODELS["SmolLM2-135M"], GPUS["B200-SXM-180GB"], {
    maxSequences: 1024,
  });
  expect(floor![1024]).toBeGreaterThanOrEqual(1024 * DELIVERY_SECONDS.value);
});
