import type { Gpu } from "../costs/gpu.ts";
import type { ModelShape } from "../costs/model-shape.ts";
import { weightBytes, type WeightStorage } from "../models/weights.ts";
import { InputError } from "../../errors/input-error.ts";
import { vllmVersion } from "../vllm-version.ts";
import { blocksForRequest, kvBlocksIn, kvGroups, type KvLayout } from "./kv-groups.ts";

const GIB = 2 ** 30;

/** What decides how large the KV pool is, besides model, card and layout. */
export interface KvPoolOptions extends WeightStorage {
  readonly max_num_batched_tokens: number;
  readonly max_num_seqs: number;
  /** Share of the card's memory that vLLM takes. @default the version's: 0.92 in 0.30 */
  readonly gpu_memory_utilization?: number;
  /** Whether it runs without CUDA graphs. @default false */
  readonly enforce_eager?: boolean;
  /** Bytes of weights on a rank, as the log says. @default from the shape */
  readonly weightBytes?: number;
  /** Bytes of KV (`--kv-cache-memory-bytes`): nothing is reckoned then. */
  readonly kv_cache_memory_bytes?: number;
  /** Version of vLLM. @default "0.30.0" */
  readonly vllm?: string;
}

/** A KV pool as sized at a start, on one rank, with its doubt. */
export interface KvPool {
  readonly blocks: number;
  /** Ends of the doubt: starts of the same server differ by what compiling leaves behind. */
  readonly low: number;
  readonly high: number;
  readonly blockBytes: number;
  /** Bytes; what is left of `requested` is the pool. */
  readonly parts: {
    readonly requested: number;
    readonly weights: number;
    /** Outside the allocator of torch: CUDA's modules, cuBLAS, NCCL. */
    readonly nonTorch: number;
    readonly activation: number;
    readonly graphs: number;
    /** What logged starts take beside all that, in the middle. */
    readonly remainder: number;
  };
}

/** Bytes of a logit row while it is sampled: logits in bf16 and two copies in fp32, and some. */
const SAMPLER_BYTES_PER_LOGIT = 11;
/** Outside torch: on one small card, and on one of 80 GB or one that speaks NCCL. */
const NON_TORCH = 0.1 * GIB, NON_TORCH_LARGE = 0.25 * GIB;
const GRAPHS = 0.25 * GIB;
/**
 * Logged overhead less the rule's, over the starts where all is stated: 0 to 1.06 GiB. The same server
 * takes 1.05 GiB more at a start that compiles than at one from the compile cache.
 */
const REMAINDER = { low: 0, middle: 0.25 * GIB, high: 1.06 * GIB };

/**
 * Bytes that a step of the profiled start takes at its peak: the forward pass of a full budget, or the
 * sampler over as many sequences as fit.
 */
export function peakActivation(model: ModelShape, options: KvPoolOptions): number {
  const { max_num_batched_tokens: tokens, max_num_seqs: sequences, tensorParallel = 1 } = options;
  const { moe } = model;
  const width = moe === null
    ? model.intermediate
    : moe.topK * moe.expertIntermediate + moe.sharedIntermediate;
  const forward = tokens * (6 * width + 8 * model.hidden) / tensorParallel;
  return Math.max(forward, sequences * model.vocabulary * SAMPLER_BYTES_PER_LOGIT);
}

/**
 * MXFP4 experts as Marlin's kernels want them on NVIDIA cards: padded. gpt-oss-20b takes 13.72 GiB on an
 * A100 by its log, 7 % more than its checkpoint.
 */
const MARLIN_MXFP4 = 1.07;

function loadedWeightBytes(model: ModelShape, gpu: Gpu, storage: WeightStorage): number {
  const padded = storage.precision === "mxfp4" && /nvidia/i.test(gpu.name);
  return weightBytes(model, storage) * (padded ? MARLIN_MXFP4 : 1);
}

/**
 * Sizes the KV pool as vLLM does when it starts (KV sizing reference §1–2): what is left of the
 * requested memory after weights, activation of a profiled step, CUDA graphs and what lies outside
 * torch. Whether a request fits, {@link assertHoldsRequest} says.
 *
 * @param file for the error
 */
export function kvPool(
  model: ModelShape,
  gpu: Gpu,
  layout: KvLayout,
  options: KvPoolOptions,
  file = "server",
): KvPool {
  const { tensorParallel = 1, enforce_eager = false } = options;
  const version = vllmVersion(options.vllm, file);
  const { gpu_memory_utilization = version.memoryUtilization } = options;
  if (!(gpu_memory_utilization > 0 && gpu_memory_utilization <= 1)) {
    throw new InputError({
      ...{ file, field: "gpu_memory_utilization", value: gpu_memory_utilization },
      expected: "a share of the card's memory, above 0 and at most 1",
    });
  }
  const small = gpu.memoryBytes < 70 * GIB && tensorParallel === 1;
  const parts = {
    requested: Math.ceil(gpu.memoryBytes * gpu_memory_utilization),
    weights: options.weightBytes ?? loadedWeightBytes(model, gpu, options),
    nonTorch: small ? NON_TORCH : NON_TORCH_LARGE,
    activation: peakActivation(model, options),
    graphs: enforce_eager || !version.countsGraphs ? 0 : GRAPHS,
    remainder: REMAINDER.middle,
  };
  const taken = parts.weights + parts.nonTorch + parts.activation + parts.graphs;
  const given = options.kv_cache_memory_bytes;
  const blocksWith = (remainder: number) =>
    Math.max(0, kvBlocksIn(given ?? parts.requested - taken - remainder, model, layout));
  return {
    blocks: blocksWith(REMAINDER.middle),
    low: blocksWith(REMAINDER.high),
    high: blocksWith(REMAINDER.low),
    blockBytes: kvGroups(model, layout).blockBytes,
    parts,
  };
}

/** What a start's pool is of. */
export interface KvStart {
  readonly pool: KvPool;
  readonly model: ModelShape;
  readonly gpu: Gpu;
  readonly layout: KvLayout;
}

/** As vLLM, refuses as many blocks as do not hold one request of `max_model_len`. */
export function assertHoldsRequest(
  blocks: number,
  { pool: { parts }, model, gpu, layout }: KvStart,
  file = "server",
): void {
  const { maxModelLen } = layout;
  // The null block holds nothing.
  const fits = (tokens: number) => blocksForRequest(model, layout, tokens) < blocks;
  if (fits(maxModelLen)) return;
  const gib = (bytes: number) => `${(bytes / GIB).toFixed(2)} GiB`;
  const budget = `${gib(parts.requested)} of ${gpu.name} are requested, the weights of ` +
    `${model.name} take ${gib(parts.weights)}`;
  if (!fits(1)) {
    throw new InputError({
      ...{ file, field: "model", value: model.name },
      expected: `weights that leave room for KV: ${budget}; more cards (tensor parallel), a ` +
        "smaller precision or a larger gpu_memory_utilization",
    });
  }
  let low = 1, high = maxModelLen;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (fits(middle)) low = middle;
    else high = middle;
  }
  throw new InputError({
    ...{ file, field: "max_model_len", value: maxModelLen },
    expected: `at most ${low}: one such request must fit ${blocks} KV blocks (${budget})`,
  });
}

/**
 * Refuses KV blocks that somebody gives and that no card could hold beside the weights.
 *
 * @param file for the error
 */
export function assertBlocksFit(
  blocks: number,
  { blockBytes, parts }: KvPool,
  gpu: Gpu,
  file = "server",
): void {
  const most = Math.floor((gpu.memoryBytes - parts.weights) / blockBytes);
  if (Number.isInteger(blocks) && blocks >= 2 && blocks <= most) return;
  throw new InputError({
    ...{ file, field: "num_gpu_blocks", value: blocks },
    expected:
      `2 to ${most} blocks of ${blockBytes} B: as many as the memory of ${gpu.name} holds ` +
      "beside the weights",
  });
}
