import { log2 } from "../../math/log2.ts";
import type { Gpu } from "./gpu.ts";
import type { KernelPath } from "./kernel-path.ts";
import {
  headParameters,
  kvBytesPerToken,
  linearParameters,
  type ModelShape,
} from "./model-shape.ts";
import type { StepCost } from "./step-cost.ts";

/** Constants of the roofline that are neither the GPU's nor the model's. */
export interface RooflineOptions {
  /** Sequences in a batch at most. @default 256 */
  readonly maxSequences?: number;
  /** Seconds a step costs whatever it holds. @default 0.00121 */
  readonly fixedSeconds?: number;
  /** Share of the matmul ceiling that prefill reaches. @default 0.81 */
  readonly prefillEfficiency?: number;
  /** Bandwidth lost by attention per doubling of the batch. @default 0.049 */
  readonly attentionLossPerDoubling?: number;
  /** Bandwidth that attention loses at most, as a share. @default 1: no such bound */
  readonly attentionLossCap?: number;
  /**
   * Share of the shorter of reading the weights and multiplying by them that hides behind the
   * longer. @default 0: they add
   */
  readonly overlap?: number;
  /** How the blocks' weights are read. @default in the model's 16 bits, at the GPU's bandwidth */
  readonly kernel?: KernelPath;
  /** Seconds per request before its prefill. @default 0.0041 */
  readonly requestSeconds?: number;
  /** Factor on decode steps run without CUDA graphs (`enforce_eager`). @default 1 */
  readonly eagerFactor?: number;
}

/**
 * Step cost of a dense model on a GPU from published sizes and measured ceilings:
 *
 *     fixed + weights/bandwidth + 2(Plin + Phead)·b/flops + 2·Plin·p/(0.81·flops)
 *           + c·K/(bandwidth·(1 − 0.049·log2 b))
 *
 * Source: step model of ish-codes-magic/bytes-per-token (MIT); replaying its 160 measured requests
 * of Qwen3-1.7B on a real L4 it has 3.3 % mean absolute error in end-to-end latency
 * (traces reference §4.3). Never below the floor max(bytes/bandwidth, FLOP/peak): the terms add, or
 * with `overlap` the longer of the two counts whole.
 */
export function roofline(model: ModelShape, gpu: Gpu, options: RooflineOptions = {}): StepCost {
  const {
    maxSequences = 256,
    fixedSeconds = 1.21e-3,
    prefillEfficiency = 0.81,
    attentionLossPerDoubling = 0.049,
    attentionLossCap = 1,
    overlap = 0,
    kernel,
    requestSeconds = 4.1e-3,
    eagerFactor = 1,
  } = options;
  const linear = linearParameters(model);
  const head = headParameters(model);
  const bits = kernel?.bitsPerWeight ?? 8 * model.bytesPerValue;
  const linearSeconds = linear * bits / 8 / (gpu.readBandwidth * (kernel?.efficiency ?? 1));
  const weightSeconds = linearSeconds + head * model.bytesPerValue / gpu.readBandwidth;
  const linearFlops = kernel?.arithmetic === "fp8" ? gpu.fp8Flops : gpu.matmulFlops;
  const base = new Float64Array(maxSequences + 1);
  const perContextToken = new Float64Array(maxSequences + 1);
  for (let b = 0; b <= maxSequences; b++) {
    const multiplySeconds = 2 * b * (linear / linearFlops + head / gpu.matmulFlops);
    const hidden = overlap * Math.min(weightSeconds, multiplySeconds);
    base[b] = eagerFactor * (fixedSeconds + weightSeconds + multiplySeconds - hidden);
    const loss = b > 1 ? Math.min(attentionLossPerDoubling * log2(b), attentionLossCap) : 0;
    perContextToken[b] = eagerFactor * kvBytesPerToken(model) / (gpu.readBandwidth * (1 - loss));
  }
  return {
    name: `${model.name}${kernel ? ` (${kernel.name})` : ""} on ${gpu.name}`,
    base,
    perContextToken,
    perPrefillToken: 2 * linear / (prefillEfficiency * linearFlops),
    perRequest: requestSeconds,
    ceilings: gpu.sustained,
    source: [model.source, gpu.source, ...kernel ? [kernel.source] : []].join("; "),
  };
}
