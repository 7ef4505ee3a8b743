/** A share of a data sheet's peak that real kernels reach, and how far off it may be. */
export interface SustainedShare {
  readonly share: number;
  /** Ends of the doubt. */
  readonly low: number;
  readonly high: number;
  readonly basis: "measured" | "assumed";
  /** Where it comes from. */
  readonly note: string;
}

/** Which kernels read the KV cache: it decides what a step with prompts in it costs. */
export type AttentionCode = "FA2" | "FA3" | "FlashInfer" | "Triton";

/** What a GPU sustains, as measured; its data sheet times an assumed share where nothing is. */
export interface Gpu {
  readonly name: string;
  /** Bytes per second read from device memory, sustained. */
  readonly readBandwidth: number;
  /** Dense fp16/bf16 FLOP per second, sustained under the power cap. */
  readonly matmulFlops: number;
  /** The same with fp8 and int8 operands; that of bf16 where the card has no such units. */
  readonly fp8Flops: number;
  readonly int8Flops: number;
  /** Data-sheet ceilings: no simulated step may be faster than these allow. */
  readonly peakBandwidth: number;
  readonly peakFlops: number;
  readonly peakFp8Flops: number;
  /** Shares of the peaks behind the sustained numbers, with their doubt. */
  readonly sustained: {
    readonly bandwidth: SustainedShare;
    readonly matmul: SustainedShare;
    /** null: no fp8 units. */
    readonly fp8: SustainedShare | null;
  };
  /** Bytes of device memory as CUDA reports them. */
  readonly memoryBytes: number;
  readonly l2Bytes: number;
  /** Streaming multiprocessors (compute units); null: unknown. */
  readonly multiprocessors: number | null;
  /** `8.9`, `9.0`, `gfx942`; null: unknown. */
  readonly computeCapability: string | null;
  /** What vLLM 0.30 takes there unless a flag says otherwise. */
  readonly attention: AttentionCode;
  /** Bytes per second to another card, one way: NVLink or the like, else PCIe. */
  readonly linkBandwidth: number;
  readonly link: "NVLink" | "PCIe";
  readonly tdpWatts: number | null;
  readonly source: string;
}

/**
 * Attention kernels that vLLM 0.30 chooses by compute capability (host overheads reference §2):
 * FlashAttention 2 on 8.x and 12.x, 3 on 9.0, FlashInfer on 10.x. Others have Triton's.
 */
export function attentionCodeOf(computeCapability: string | null): AttentionCode {
  const major = /^(\d+)\.\d+$/.exec(computeCapability ?? "")?.[1];
  if (major === "8" || major === "12") return "FA2";
  if (major === "9") return "FA3";
  if (major === "10") return "FlashInfer";
  return "Triton";
}
