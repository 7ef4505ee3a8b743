import { cardKernels } from "../gpus/card-kernels.ts";
import type { Precision } from "../models/precision.ts";
import type { Gpu } from "./gpu.ts";

/** How vLLM's kernels use a GPU: shares of what it sustains, and what comes on top. Seconds. */
export interface KernelUse {
  /** Small kernels between the large ones, by layer; and what one with experts adds. */
  readonly fixedPerLayer: number;
  readonly fixedPerExpertLayer: number;
  /** A sum over the cards that share a layer, beside its bytes. */
  readonly allReduceSeconds: number;
  /** Share of the bandwidth that weights of this precision are read with, against 16 bits. */
  readonly weightBandwidth: number;
  /** Share of the read bandwidth that KV is read with, and weights for a single row. */
  readonly reading: number;
  /** Share of that which is left for weights once a step has more than one token. */
  readonly matrixReading: number;
  /** Share of the shorter of reading weights and multiplying that hides behind the longer. */
  readonly overlap: number;
  /**
   * Share of the matmul rate that prompts reach in infinitely wide layers, and the hidden size at which
   * half of it is left: narrow matrices have too few tiles for all multiprocessors.
   */
  readonly promptMatmul: number;
  readonly halfHidden: number;
  /** The same in experts, as a share of that. */
  readonly expertPromptMatmul: number;
  /** Share of the rate that the attention of prompts reaches. */
  readonly promptAttention: number;
  /** Passes of the sampler over a row of fp32 logits. */
  readonly samplerPasses: number;
  /** Seconds of a multiprocessor for a tile of attention that finds nothing to do. */
  readonly emptyTile: number;
  /** FlashAttention 2 in mixed steps: time of a tile's arithmetic against the rate's. */
  readonly tileArithmetic: number;
  /** Share of the walks over KV that is too large for the L2 which miss it. */
  readonly cacheMiss: number;
  /** Host's part of a step with prompts, as a multiple of that with 16-bit weights. */
  readonly hostFactor: number;
}

/**
 * What holds on every card. Fitted on an L4 to the load points of two models at once (`fitPhysical`),
 * but for the empty tiles, which host overheads reference §3 measured.
 */
const ON_EVERY_CARD = {
  matrixReading: 0.955,
  overlap: 0.5,
  promptAttention: 0.83,
  samplerPasses: 5.91,
  emptyTile: 320e-9,
  tileArithmetic: 1.2,
  cacheMiss: 0.79,
};

/** How kernels of a precision use a card. */
export function kernelUseOf(gpu: Gpu, precision: Precision): KernelUse {
  const card = cardKernels(gpu, precision);
  return {
    ...ON_EVERY_CARD,
    reading: card.reading.value,
    fixedPerLayer: card.fixedPerLayer.value,
    fixedPerExpertLayer: card.fixedPerExpertLayer.value,
    allReduceSeconds: card.allReduceSeconds.value,
    weightBandwidth: card.weightBandwidth.value,
    promptMatmul: card.promptMatmul.value,
    halfHidden: card.halfHidden,
    expertPromptMatmul: card.expertPromptMatmul.value,
    hostFactor: card.hostFactor.value,
  };
}
