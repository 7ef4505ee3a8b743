import type { Gpu } from "../costs/gpu.ts";
import type { Precision } from "../models/precision.ts";

/** A constant of a card's kernels, with its doubt. */
export interface KernelConstant {
  readonly value: number;
  readonly low: number;
  readonly high: number;
  readonly basis: "measured" | "assumed";
  readonly note: string;
}

/** How vLLM's kernels use a card, beside the rates that it sustains. Seconds and shares. */
export interface CardKernels {
  /** Share of the read bandwidth that KV, and weights of a single row, are read with. */
  readonly reading: KernelConstant;
  /** Small kernels between the large ones, by layer of the model, under a CUDA graph. */
  readonly fixedPerLayer: KernelConstant;
  /** What a layer with experts adds: router, sorting of tokens, sums. */
  readonly fixedPerExpertLayer: KernelConstant;
  /** One sum over the cards that share a layer, whatever it sums. */
  readonly allReduceSeconds: KernelConstant;
  /** Share of the sustained matmul rate that prompts reach in linear layers, if they are wide. */
  readonly promptMatmul: KernelConstant;
  /** Hidden size at which half of that is left. 0: the share is that of any layer. */
  readonly halfHidden: number;
  /** The same in experts, as a share of that: many small products instead of a large one. */
  readonly expertPromptMatmul: KernelConstant;
  /** Share of the bandwidth that weights of this precision are read with. */
  readonly weightBandwidth: KernelConstant;
  /** Host's part of a step with prompts, as a multiple of that with 16-bit weights. */
  readonly hostFactor: KernelConstant;
}

const measured = (value: number, doubt: number, note: string): KernelConstant => ({
  ...{ value, low: value - doubt, high: value + doubt, basis: "measured", note },
});
const assumed = (value: number, doubt: number, note: string): KernelConstant => ({
  ...measured(value, doubt, note),
  basis: "assumed",
});

/** Tensor cores of these cards take weights of 8 bits without turning them into 16. */
const isEightBit = (precision: Precision) => precision === "fp8" || precision === "int8";

function fixedPerLayerOf({ name }: Gpu): KernelConstant {
  if (name === "NVIDIA L4") {
    return measured(36.7e-6, 3e-6, "L4: fitted to load points of two models with 28 layers each");
  }
  if (/A100/.test(name)) {
    return measured(
      65e-6,
      10e-6,
      "A100: what is left of a token at one user, Llama-3.1-8B (0.23, 40 GB) and Qwen2.5-7B (0.10, " +
        "80 GB), beside weights and host",
    );
  }
  return assumed(50e-6, 15e-6, "38 us fitted on an L4, 53 to 64 us left of tokens on an H100");
}

/**
 * Constants of a card's kernels for weights of a precision. Those of the L4 are from its load points
 * (host overheads reference §0). What an A100 needs between kernels, and the constants of prompts,
 * experts, sums over cards and of passing tokens on, were chosen on the bundled public points, a few
 * settings each: errors over those points flatter them, and other points are their proof.
 */
export function cardKernels(gpu: Gpu, precision: Precision): CardKernels {
  const isL4 = gpu.name === "NVIDIA L4", eight = isEightBit(precision);
  const promptShare = isL4
    ? measured(0.94, 0.05, "L4: fitted to load points of two models, of the power-capped rate")
    : assumed(
      0.72,
      0.15,
      "below the best shape of a search; chosen on public points of A100 and H100",
    );
  const ofEight = 0.6;
  return {
    reading: isL4
      ? measured(0.981, 0.02, "L4: fitted to load points, with the small kernels")
      : assumed(1, 0.04, "the sustained bandwidth itself"),
    fixedPerLayer: fixedPerLayerOf(gpu),
    fixedPerExpertLayer: assumed(
      40e-6,
      20e-6,
      "gpt-oss-20b at one user on H100, H200 and B200: 1 ms over 24 layers",
    ),
    allReduceSeconds: gpu.link === "NVLink"
      ? assumed(15e-6, 7e-6, "Llama-3.1-405B on eight H100 and MI300X: 252 sums a token")
      : assumed(30e-6, 15e-6, "over PCIe, twice that over NVLink"),
    promptMatmul: eight
      ? {
        ...promptShare,
        value: ofEight * promptShare.value,
        low: ofEight * promptShare.low,
        high: ofEight * promptShare.high,
        note: "L4: prompts of 8,192 tokens in fp8 and int8, activations are quantised on the way",
      }
      : promptShare,
    halfHidden: isL4 ? 215 : 0,
    expertPromptMatmul: assumed(
      0.35,
      0.15,
      "chosen on public points: gpt-oss and Qwen3-235B-A22B on A100 and H100",
    ),
    weightBandwidth: eight
      ? measured(0.87, 0.05, "L4: Qwen2.5-7B, Qwen3-1.7B and 0.6B in fp8 at one user")
      : measured(1, 0.04, "L4: bf16, and int4 under Marlin"),
    hostFactor: eight
      ? measured(2.1, 0.1, "L4: 25.3 to 25.8 ms instead of 12.1 ms, quantising outside the graphs")
      : measured(1, 0.05, "L4: 12.1 ms over 28 layers"),
  };
}

/** What a server without asynchronous scheduling waits for its host between two steps. Seconds. */
export interface HostPause {
  readonly seconds: number;
  readonly perSequence: number;
}

/**
 * Pauses by engine (host overheads reference §4 and §5): V1 1 to 2 ms and 18 us a sequence; V0 5 ms and
 * more, and 0.1 ms a sequence for its outputs.
 */
export const HOST_PAUSE: Readonly<Record<"V0" | "V1", HostPause>> = {
  V0: { seconds: 5e-3, perSequence: 0.1e-3 },
  V1: { seconds: 1.5e-3, perSequence: 18e-6 },
};

/**
 * Seconds in which the one process that speaks HTTP passes a token on to its client: it keeps up with
 * so many sequences a step. Whatever the card, public points of 1,000 streams end here.
 */
export const DELIVERY_SECONDS: KernelConstant = assumed(
  80e-6,
  30e-6,
  "1,000 streams on H100: 9,064 and 11,327 tokens a second at most",
);
