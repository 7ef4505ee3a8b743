import type { Precision } from "../models/precision.ts";

/**
 * How vLLM's kernels use a GPU: shares of what it sustains, and what comes on top. One set for all
 * models and cards; fitted to an L4's load points (`fit-physical`) but for what says otherwise.
 */
export interface KernelUse {
  /** Seconds of small kernels between the large ones, by layer. */
  readonly fixedPerLayer: number;
  /** Share of the read bandwidth that KV, and weights of a single row, are read with. */
  readonly reading: number;
  /** The same of weights once a step has more than one token. */
  readonly matrixReading: number;
  /** Share of the shorter of reading weights and multiplying that hides behind the longer. */
  readonly overlap: number;
  /**
   * Share of the matmul ceiling that prompts reach in infinitely wide layers, and the hidden size at
   * which half of it is left: narrow matrices have too few tiles for all multiprocessors.
   */
  readonly promptMatmul: number;
  readonly halfHidden: number;
  /** Share of the ceiling that the attention of prompts reaches. */
  readonly promptAttention: number;
  /** Passes of the sampler over a row of fp32 logits. */
  readonly samplerPasses: number;
  /** Seconds of a multiprocessor for a tile of attention that finds nothing to do; measured. */
  readonly emptyTile: number;
  /** FlashAttention 2 in mixed steps: arithmetic of a tile against the ceiling, misses of the L2. */
  readonly tileArithmetic: number;
  readonly cacheMiss: number;
  /** An all-reduce between cards, beside its bytes; assumed. */
  readonly allReduceSeconds: number;
}

export const KERNEL_USE: KernelUse = {
  fixedPerLayer: 37.9e-6,
  reading: 0.9775,
  matrixReading: 0.947,
  overlap: 0.495,
  promptMatmul: 0.93,
  halfHidden: 215,
  promptAttention: 0.815,
  samplerPasses: 5.6,
  emptyTile: 320e-9,
  tileArithmetic: 1.2,
  cacheMiss: 0.72,
  allReduceSeconds: 10e-6,
};

/**
 * Share of the bandwidth of 16-bit weights that quantised ones are read with: what single users' times
 * per token leave (bytes-per-token: Qwen3-0.6B and 1.7B on an L4, vLLM 0.30).
 */
export const QUANTISED_READING: Readonly<Record<Precision, number>> = {
  bf16: 1,
  fp8: 0.88,
  int8: 0.87,
  awq: 0.92,
  gptq: 0.92,
  mxfp4: 0.92,
};
