/** What a GPU sustains, as measured; never its data sheet where a measurement exists. */
export interface Gpu {
  readonly name: string;
  /** Bytes per second read from device memory, sustained. */
  readonly readBandwidth: number;
  /** Dense fp16/bf16 FLOP per second, sustained under the power cap. */
  readonly matmulFlops: number;
  /** The same with fp8 operands. */
  readonly fp8Flops: number;
  /** Data-sheet ceilings: no simulated step may be faster than these allow. */
  readonly peakBandwidth: number;
  readonly peakFlops: number;
  readonly peakFp8Flops: number;
  readonly memoryBytes: number;
  readonly source: string;
}

/** NVIDIA L4, 24 GB, 72 W. */
export const L4: Gpu = {
  name: "NVIDIA L4",
  readBandwidth: 262e9,
  matmulFlops: 57e12,
  fp8Flops: 117.8e12,
  peakBandwidth: 300e9,
  peakFlops: 121e12,
  peakFp8Flops: 242e12,
  memoryBytes: 23_659_151_360,
  source:
    "ish-codes-magic/bytes-per-token (MIT), CUDA events on a real L4, driver 580.95.05: read 262 GB/s, bf16 57.0, fp16 56.6 and fp8 117.8 TFLOP/s at the 72 W cap; peaks from NVIDIA's data sheet",
};

/** By the name that a server file uses. */
export const GPUS: Readonly<Record<string, Gpu>> = { L4 };
