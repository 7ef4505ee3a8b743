/** What a GPU sustains, as measured; never its data sheet where a measurement exists. */
export interface Gpu {
  readonly name: string;
  /** Bytes per second read from device memory, sustained. */
  readonly readBandwidth: number;
  /** Dense fp16/bf16 FLOP per second, sustained under the power cap. */
  readonly matmulFlops: number;
  /** Data-sheet ceilings: no simulated step may be faster than these allow. */
  readonly peakBandwidth: number;
  readonly peakFlops: number;
  readonly memoryBytes: number;
  readonly source: string;
}

/** NVIDIA L4, 24 GB, 72 W. */
export const L4: Gpu = {
  name: "NVIDIA L4",
  readBandwidth: 262e9,
  matmulFlops: 57e12,
  peakBandwidth: 300e9,
  peakFlops: 121e12,
  memoryBytes: 23_659_151_360,
  source:
    "ish-codes-magic/bytes-per-token (MIT), CUDA events on a real L4, driver 580.95.05: read 262 GB/s, bf16 57.0 and fp16 56.6 TFLOP/s at the 72 W cap; peaks from NVIDIA's data sheet",
};

/** By the name that a server file uses. */
export const GPUS: Readonly<Record<string, Gpu>> = { L4 };
