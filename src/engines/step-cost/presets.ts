import { L4 } from "./gpu.ts";
import { QWEN15_1_8B_CHAT } from "./model-shape.ts";
import { roofline } from "./roofline.ts";
import type { StepCost } from "./step-cost.ts";

/**
 * The paper's server: Qwen1.5-1.8B-Chat, fp16, eager, on one L4. A prediction: nobody has published
 * a measurement of this pair. CUDA graphs are worth a factor of 1.028 on an L4 at batch 1
 * (arXiv 2605.30571), which `enforce_eager` gives up.
 */
export const L4_QWEN15_1_8B: StepCost = roofline(QWEN15_1_8B_CHAT, L4, { eagerFactor: 1.028 });
