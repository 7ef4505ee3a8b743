import type { Gpu } from "../costs/gpu.ts";
import { vllmVersion } from "../vllm-version.ts";

const GIB = 2 ** 30;

/** Tokens of a step and sequences of a batch at most, as vLLM's flags name them. */
export interface BatchLimits {
  readonly max_num_batched_tokens: number;
  readonly max_num_seqs: number;
}

/**
 * What `vllm serve` takes on a card unless flags say otherwise (KV sizing reference §2): by the memory
 * of the card, but every A100 counts as a small one since 0.10.
 *
 * @param vllm @default "0.30.0"
 */
export function batchLimitsOf(gpu: Pick<Gpu, "memoryBytes" | "name">, vllm?: string): BatchLimits {
  const { a100IsSmall } = vllmVersion(vllm);
  if (gpu.memoryBytes < 70 * GIB || a100IsSmall && /a100/i.test(gpu.name)) {
    return { max_num_batched_tokens: 2048, max_num_seqs: 256 };
  }
  const tokens = gpu.memoryBytes >= 160 * GIB ? 16_384 : 8192;
  return { max_num_batched_tokens: tokens, max_num_seqs: 1024 };
}
