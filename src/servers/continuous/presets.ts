import type { ServerConfigInput } from "./config.ts";

/**
 * The paper's server as vLLM 0.30 would configure it on an L4: Qwen1.5-1.8B-Chat with a context of
 * 2,048. The KV pool is a prediction, 86,400 tokens at 0.9 of the memory after 3.67 GB of weights,
 * at 196,608 B a token (traces reference §4.4); nobody has published a measurement of this pair.
 */
export const L4_QWEN15_1_8B_SERVER: ServerConfigInput = {
  max_model_len: 2048,
  num_gpu_blocks: 5401,
};
