import { L4 } from "../gpus/bundled.ts";
import { QWEN15_1_8B_CHAT, QWEN25_7B, QWEN3_1_7B } from "../models/bundled.ts";
import { physicalCost } from "./physical-cost.ts";
import { roofline } from "./roofline.ts";
import type { StepCost } from "./step-cost.ts";

/**
 * The paper's server: Qwen1.5-1.8B-Chat, fp16, eager, on one L4. A prediction: nobody has published
 * a measurement of this pair. CUDA graphs are worth a factor of 1.028 on an L4 at batch 1
 * (arXiv 2605.30571), which `enforce_eager` gives up.
 */
export const L4_QWEN15_1_8B: StepCost = roofline(QWEN15_1_8B_CHAT, L4, { eagerFactor: 1.028 });

/** Qwen3-1.7B, bf16, on one L4 under vLLM 0.30: measured (bytes-per-token). */
export const L4_QWEN3_1_7B: StepCost = physicalCost(QWEN3_1_7B, L4);

/**
 * Qwen2.5-7B on one L4 under vLLM 0.11, which schedules synchronously: bf16 and fp8 measured
 * (polyserve), AWQ from another 7B model.
 */
export const L4_QWEN25_7B: StepCost = physicalCost(QWEN25_7B, L4, { asyncScheduling: false });
export const L4_QWEN25_7B_FP8: StepCost = physicalCost(QWEN25_7B, L4, {
  precision: "fp8",
  asyncScheduling: false,
});
export const L4_QWEN25_7B_AWQ: StepCost = physicalCost(QWEN25_7B, L4, {
  precision: "awq",
  asyncScheduling: false,
});
