import type { Gpu } from "../costs/gpu.ts";
import { KERNEL_USE } from "../costs/kernel-use.ts";
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
  /** Share of the sustained matmul rate that prompts reach in wide linear layers. */
  readonly promptMatmul: KernelConstant;
  /** The same in experts, as a share of that: many small products instead of a large one. */
  readonly expertPromptMatmul: KernelConstant;
}

function constant(
  basis: KernelConstant["basis"],
  [value, doubt]: readonly [value: number, doubt: number],
  note: string,
): KernelConstant {
  return { value, low: value - doubt, high: value + doubt, basis, note };
}

/** Constants of the L4, fitted to its load points. */
const L4_NOTE = "fitted to the load points of an L4";

function fixedPerLayerOf({ name }: Gpu): KernelConstant {
  if (/A100/.test(name)) {
    const note = "left of a token at one user: Llama-3.1-8B (0.23), Qwen2.5-7B (0.10)";
    return constant("measured", [70e-6, 10e-6], note);
  }
  if (/H100|H200|GH200/.test(name)) {
    const note = "H100: 53 to 64 us of three measured tokens at 0.92 of the peak";
    return constant("measured", [50e-6, 10e-6], note);
  }
  return constant("assumed", [50e-6, 15e-6], "43 us on an L4, 53 to 64 us on an H100");
}

/** What prompts keep of the rate in 8 bits: activations are quantised on the way. */
const PROMPTS_OF_EIGHT_BITS = 0.6;

/**
 * Constants of a card's kernels for weights of a precision. Those of experts, of prompts and of sums
 * over cards are from public points (`data/models_gpus/measured_points.csv`), one for all cards.
 */
export function cardKernels(gpu: Gpu, precision: Precision): CardKernels {
  const isL4 = gpu.name === "NVIDIA L4";
  const [matmul, doubt] = isL4 ? [KERNEL_USE.promptMatmul, 0.05] : [0.75, 0.15];
  const part = precision === "fp8" || precision === "int8" ? PROMPTS_OF_EIGHT_BITS : 1;
  return {
    reading: isL4
      ? constant("measured", [KERNEL_USE.reading, 0.02], L4_NOTE)
      : constant("assumed", [1, 0.04], "the sustained bandwidth itself"),
    fixedPerLayer: isL4
      ? constant("measured", [KERNEL_USE.fixedPerLayer, 3e-6], L4_NOTE)
      : fixedPerLayerOf(gpu),
    fixedPerExpertLayer: constant(
      "assumed",
      [40e-6, 20e-6],
      "gpt-oss-20b at one user on H100, H200 and B200: 1 ms over 24 layers",
    ),
    allReduceSeconds: gpu.link === "NVLink"
      ? constant("assumed", [15e-6, 7e-6], "Llama-3.1-405B on eight cards: 252 sums a token")
      : constant("assumed", [30e-6, 15e-6], "over PCIe, twice that over NVLink"),
    promptMatmul: constant(
      isL4 ? "measured" : "assumed",
      [part * matmul, part * doubt],
      isL4 ? L4_NOTE : "a prompt's products are smaller than the best shape of a search",
    ),
    expertPromptMatmul: constant(
      "assumed",
      [0.4, 0.15],
      "prompts of 32,000 tokens through gpt-oss and Qwen3-235B-A22B on A100 and H100",
    ),
  };
}

/**
 * Seconds in which the one process that speaks HTTP passes a token on to its client: it keeps up with
 * so many sequences a step. Whatever the card, public points of 1,000 streams end here.
 */
export const DELIVERY: KernelConstant = constant(
  "assumed",
  [80e-6, 30e-6],
  "1,000 streams on H100: 9,064 and 11,327 tokens a second at most",
);
