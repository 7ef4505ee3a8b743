import { L4 } from "../gpus/bundled.ts";
import { QWEN15_1_8B_CHAT, QWEN25_7B, QWEN3_1_7B } from "../models/bundled.ts";
import { KERNEL_PATHS } from "./kernel-path.ts";
import { roofline } from "./roofline.ts";
import type { StepCost } from "./step-cost.ts";

/**
 * The paper's server: Qwen1.5-1.8B-Chat, fp16, eager, on one L4. A prediction: nobody has published
 * a measurement of this pair. CUDA graphs are worth a factor of 1.028 on an L4 at batch 1
 * (arXiv 2605.30571), which `enforce_eager` gives up.
 */
export const L4_QWEN15_1_8B: StepCost = roofline(QWEN15_1_8B_CHAT, L4, { eagerFactor: 1.028 });

/** Bandwidth that attention loses at most: see the server file of Qwen3-1.7B. */
const attentionLossCap = 0.15;

/** Qwen3-1.7B, bf16, on one L4 under vLLM 0.30: measured (bytes-per-token). */
export const L4_QWEN3_1_7B: StepCost = roofline(QWEN3_1_7B, L4, { attentionLossCap });

/**
 * Shares of the *sustained* matmul ceiling that a prefill of 512 tokens reaches (polyserve: 157 and
 * 101 ms to the first token of a lone user). A prompt between decode steps finds the GPU at 1,460 MHz
 * instead of the 1,009 MHz under which the ceiling was measured: so one can lie above 1.
 */
const PREFILL_BF16 = 1.1;
const PREFILL_FP8 = 0.9;

/** Qwen2.5-7B on one L4 under vLLM: bf16 and fp8 measured (polyserve), AWQ from another 7B model. */
export const L4_QWEN25_7B: StepCost = roofline(QWEN25_7B, L4, {
  attentionLossCap,
  kernel: KERNEL_PATHS["vllm-bf16"],
  prefillEfficiency: PREFILL_BF16,
});
export const L4_QWEN25_7B_FP8: StepCost = roofline(QWEN25_7B, L4, {
  attentionLossCap,
  kernel: KERNEL_PATHS["vllm-fp8"],
  prefillEfficiency: PREFILL_FP8,
});
export const L4_QWEN25_7B_AWQ: StepCost = roofline(QWEN25_7B, L4, {
  attentionLossCap,
  kernel: KERNEL_PATHS["vllm-awq-marlin"],
});
