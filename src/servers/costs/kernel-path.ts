import { INT4_GROUP_128 } from "../models/precision.ts";

/** How the linear layers of the blocks store and read their weights. The output head stays 16-bit. */
export interface KernelPath {
  readonly name: string;
  /** Bits read for one weight, scales and zero points included. */
  readonly bitsPerWeight: number;
  /** Share of the sustained read bandwidth that the kernel reaches with these bytes at batch 1. */
  readonly efficiency: number;
  /** Arithmetic of its products. Weights of 4 bits are multiplied as bf16. */
  readonly arithmetic: "bf16" | "fp8";
  readonly source: string;
}

/** NF4 with doubly quantised scales: 8 bits for 64 weights, and 32 bits for 256 of these. */
const NF4 = 4 + 8 / 64 + 32 / (64 * 256);

const STUDY =
  "arXiv 2605.30571: Qwen2.5-7B at batch 1 and context 2,048 on an L4, Hugging Face SDPA";
const POLYSERVE = "polyserve (MIT): Qwen2.5-7B on an L4 with vLLM 0.11, one user";

/**
 * Kernel paths on an L4. The bits are arithmetic, the efficiencies are what the sources' step times
 * leave for the linear layers. Four bits are a quarter of the time only where the kernel is: the
 * same AWQ weights take 3 times as long under Hugging Face's AWQ path as under vLLM's Marlin.
 */
export const KERNEL_PATHS = {
  "vllm-bf16": {
    name: "bf16, vLLM",
    bitsPerWeight: 16,
    efficiency: 0.96,
    arithmetic: "bf16",
    source: `${POLYSERVE}: 57.46 ms a token`,
  },
  "vllm-fp8": {
    name: "fp8, vLLM",
    bitsPerWeight: 8,
    efficiency: 0.87,
    arithmetic: "fp8",
    source: `${POLYSERVE}: 34.12 ms a token`,
  },
  "vllm-awq-marlin": {
    name: "AWQ, Marlin in vLLM",
    bitsPerWeight: INT4_GROUP_128,
    efficiency: 1,
    arithmetic: "bf16",
    source: "bereketlemma (MIT): Mistral-7B AWQ on an L4 with vLLM 0.16, 16.3 ms a step at batch 1",
  },
  "hf-bf16": {
    name: "bf16, Hugging Face",
    bitsPerWeight: 16,
    efficiency: 0.87,
    arithmetic: "bf16",
    source: `${STUDY}: 62.32 ms`,
  },
  "hf-nf4": {
    name: "NF4, bitsandbytes",
    bitsPerWeight: NF4,
    efficiency: 0.235,
    arithmetic: "bf16",
    source: `${STUDY}: 59.36 ms`,
  },
  "hf-awq-marlin": {
    name: "AWQ, Marlin through AutoAWQ",
    bitsPerWeight: INT4_GROUP_128,
    efficiency: 0.32,
    arithmetic: "bf16",
    source: `${STUDY}: 45.24 ms`,
  },
  "hf-gptq-exllamav2": {
    name: "GPTQ, ExLlamaV2",
    bitsPerWeight: INT4_GROUP_128,
    efficiency: 1,
    arithmetic: "bf16",
    source: `${STUDY}: 17.36 ms`,
  },
} as const satisfies Readonly<Record<string, KernelPath>>;
