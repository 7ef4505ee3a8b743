import type { Gpu } from "../costs/gpu.ts";
import { CLOUD_HOST, type Host } from "../costs/host.ts";
import type { KernelUse } from "../costs/kernel-use.ts";
import {
  activeLinearParameters,
  commonLinearParameters,
  expertLayers,
  type ModelShape,
} from "../costs/model-shape.ts";
import { physicalCost, type PhysicalOptions } from "../costs/physical-cost.ts";
import type { StepCost } from "../costs/step-cost.ts";
import { type Precision, PRECISIONS } from "../models/precision.ts";
import { type VllmVersion } from "../vllm-version.ts";
import { cardKernels, DELIVERY } from "./card-kernels.ts";

/** How a server is run, as far as its step cost knows. */
export interface ServedOptions extends Omit<PhysicalOptions, "host" | "kernels"> {
  readonly precision: Precision;
  readonly engine: VllmVersion["engine"];
}

/**
 * vLLM's first engine did a step's bookkeeping between two steps: 5 to 13 ms, and 3.4 ms for the outputs
 * of 32 sequences (vllm issues 6854 and 6913).
 */
const V0_HOST: Host = { ...CLOUD_HOST, prepareSeconds: 5e-3, preparePerSequence: 0.1e-3 };

/** Constants of the kernels for a model on a card, in place of those that were fitted to an L4. */
function kernelsFor(model: ModelShape, gpu: Gpu, precision: Precision): Partial<KernelUse> {
  const card = cardKernels(gpu, precision);
  const withExperts = expertLayers(model) / model.layers;
  // Of a token's products, experts take so much longer than the rest.
  const all = activeLinearParameters(model), common = commonLinearParameters(model);
  const share = all / (common + (all - common) / card.expertPromptMatmul.value);
  return {
    reading: card.reading.value,
    fixedPerLayer: card.fixedPerLayer.value + withExperts * card.fixedPerExpertLayer.value,
    allReduceSeconds: card.allReduceSeconds.value,
    promptMatmul: share * card.promptMatmul.value,
  };
}

/**
 * What a step costs of a model on a card: {@link physicalCost} with the constants of that card. However
 * fast it computes, a step with many sequences takes as long as its tokens take to their clients.
 */
export function servedCost(model: ModelShape, gpu: Gpu, options: ServedOptions): StepCost {
  const { engine, ...physical } = options;
  const cost = physicalCost(model, gpu, {
    ...physical,
    // Where experts alone are quantised, most of what a small step reads is not.
    ...PRECISIONS[options.precision].expertsOnly && { weightReading: 1 },
    kernels: kernelsFor(model, gpu, options.precision),
    host: engine === "V0" ? V0_HOST : CLOUD_HOST,
  });
  return { ...cost, base: cost.base.map((seconds, b) => Math.max(seconds, b * DELIVERY.value)) };
}
