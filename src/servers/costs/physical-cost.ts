import {
  allReduceBytesPerToken,
  allReduces,
  headBytes,
  linearBytesRead,
} from "../models/weights.ts";
import { type Precision, PRECISIONS } from "../models/precision.ts";
import { secondsThrough } from "../continuous/front-end.ts";
import type { Gpu } from "./gpu.ts";
import { CLOUD_HOST, type Host } from "./host.ts";
import { type KernelUse, kernelUseOf } from "./kernel-use.ts";
import { type MixedKvFactor, type MixedStepCost, PACKED, TILE_ROWS } from "./mixed-step.ts";
import {
  commonLinearParameters,
  expertLayers,
  expertParameters,
  headParameters,
  kvBytesPerLayerToken,
  kvHeadsOfRank,
  type ModelShape,
} from "./model-shape.ts";
import type { StepCost } from "./step-cost.ts";

/** How a model is served, as far as it bears on what a step costs. */
export interface PhysicalOptions {
  /** Sequences in a batch at most. @default 256 */
  readonly maxSequences?: number;
  /** How the weights are stored. @default "bf16" */
  readonly precision?: Precision;
  /** Cards that share every layer. @default 1 */
  readonly tensorParallel?: number;
  /** Bytes of one KV entry. @default the model's own, 2 for bf16; 1 for fp8 */
  readonly kvBytesPerValue?: number;
  /** Whether step k + 1 is planned while step k runs. @default true */
  readonly asyncScheduling?: boolean;
  /** Whether it runs without CUDA graphs. @default false */
  readonly enforceEager?: boolean;
  /** Whether steps that decode alone have one graph a layer, too. @default false */
  readonly piecewise?: boolean;
  /**
   * Tokens of a typical sequence: beyond a window of this length a sliding layer's KV is taken as full.
   * @default 2048
   */
  readonly typicalTokens?: number;
  /** @default the cloud VM that was measured */
  readonly host?: Host;
  /** Constants of the kernels that differ from the card's. */
  readonly kernels?: Partial<KernelUse>;
}

/** Tokens in a step beyond which every expert of a mixture counts as read. */
const EXPERT_TOKENS = 2048;

/** Cards on which two tiles of attention share a multiprocessor, so that one computes as one reads. */
const TWO_TILES = "8.0";
const TWO_TILES_OVERLAP = 0.5;
/**
 * The factor goes up to this multiple of the query heads to a KV head: on the L4, the only card where
 * it was seen through a server, it comes to 1.2. Cards of little arithmetic would exceed it.
 */
const MOST_OF_GROUP = 1.25;

/**
 * What reading the KV of decoding sequences costs beside prompt tokens, by the card's attention kernels
 * and by how many query heads share a KV head. Fitted to an L4 (2 heads); against kernel times on an
 * RTX PRO 6000 it lies within 40 % (4 heads, too high) and 25 % (8 heads; host overheads reference §2).
 */
export function mixedKvFactor(
  model: ModelShape,
  gpu: Gpu,
  options: PhysicalOptions = {},
): MixedKvFactor {
  const { tensorParallel = 1, kvBytesPerValue = model.bytesPerValue, precision = "bf16" } = options;
  const { tileArithmetic, cacheMiss } = { ...kernelUseOf(gpu, precision), ...options.kernels };
  const heads = model.heads / tensorParallel / kvHeadsOfRank(model, tensorParallel);
  // KV of one byte is read by other kernels.
  if (gpu.attention !== "FA2" || heads <= 1 || kvBytesPerValue < 2) return PACKED;
  const bytes = 2 * model.headDim * kvBytesPerValue;
  const flops = TILE_ROWS * 4 * model.headDim * heads;
  return {
    arithmetic: tileArithmetic * (flops / gpu.matmulFlops) / (bytes / gpu.readBandwidth),
    overlap: gpu.computeCapability === TWO_TILES ? TWO_TILES_OVERLAP : 0,
    perMiss: cacheMiss * (heads - 1),
    cacheTokens: gpu.l2Bytes / bytes,
    multiprocessors: gpu.multiprocessors ?? 1,
    most: MOST_OF_GROUP * heads,
  };
}

/**
 * Rows that a step of `sequences` decoding sequences computes in the layers: vLLM captures CUDA graphs
 * of 1, 2 and 4 rows, of every multiple of 8 up to 256 and of 16 up to 512, and pads to the next.
 */
function graphRows(sequences: number): number {
  if (sequences <= 2 || sequences > 512) return sequences;
  if (sequences <= 4) return 4;
  const step = sequences <= 256 ? 8 : 16;
  return step * Math.ceil(sequences / step);
}

/**
 * Step cost of a model on a card under vLLM, from sizes, from what the card sustains, and from what
 * kernels and host make of it. Steps that decode alone are affine in the context; for those with
 * prompts see {@link MixedStepCost}. Synchronous scheduling adds the host's preparation to each step.
 *
 * @example
 * const cost = servers.physicalCost(servers.modelNamed("Qwen3-1.7B"), servers.L4);
 */
export function physicalCost(model: ModelShape, gpu: Gpu, options: PhysicalOptions = {}): StepCost {
  const {
    maxSequences = 256,
    precision = "bf16",
    tensorParallel = 1,
    kvBytesPerValue = model.bytesPerValue,
    asyncScheduling = true,
    enforceEager = false,
    typicalTokens = 2048,
    host = CLOUD_HOST,
  } = options;
  const kernels: KernelUse = { ...kernelUseOf(gpu, precision), ...options.kernels };
  const { layers, slidingLayers, slidingWindow } = model;
  const { arithmetic } = PRECISIONS[precision];
  const flops = { bf16: gpu.matmulFlops, fp8: gpu.fp8Flops, int8: gpu.int8Flops }[arithmetic];
  const bandwidth = kernels.reading * gpu.readBandwidth;
  const common = commonLinearParameters(model) / tensorParallel;
  const experts = expertLayers(model) * (model.moe?.topK ?? 0) * expertParameters(model) /
    tensorParallel;
  const head = headParameters(model) / tensorParallel;
  const storage = { precision, tensorParallel };
  const headRead = headBytes(model, storage);

  const readSeconds = (tokens: number) =>
    (linearBytesRead(model, tokens, storage) / kernels.weightBandwidth + headRead) /
    (tokens > 1 ? kernels.matrixReading * bandwidth : bandwidth);
  const perSampledRow = 2 * head / gpu.matmulFlops;
  const perDecodeToken = 2 * (common + experts) / flops;
  const promptShare = kernels.promptMatmul * model.hidden / (model.hidden + kernels.halfHidden);

  // A sliding layer reads its whole window, or all of a context that is shorter.
  const perLayerToken = kvBytesPerLayerToken(model, {
    bytesPerValue: kvBytesPerValue,
    tensorParallel,
  }) / bandwidth;
  const window = slidingWindow ?? Infinity;
  const fullWindows = typicalTokens > window ? slidingLayers : 0;
  const perContextToken = (layers - fullWindows) * perLayerToken;
  const perDecode = fullWindows === 0 ? 0 : fullWindows * window * perLayerToken;

  const perPair = 4 * model.heads * model.headDim / tensorParallel /
    (kernels.promptAttention * gpu.matmulFlops);
  const perToken = allReduceBytesPerToken(model, tensorParallel) / gpu.linkBandwidth;
  const perSample = kernels.samplerPasses * model.vocabulary * 4 / gpu.readBandwidth;
  const fixedSeconds = kernels.fixedPerLayer * layers +
    kernels.fixedPerExpertLayer * expertLayers(model) +
    kernels.allReduceSeconds * allReduces(model, tensorParallel);

  const prepared = (sequences: number) => host.prepareSeconds + host.preparePerSequence * sequences;
  const piecewise = kernels.hostFactor * host.piecewisePerLayer;
  const launching = layers *
    (enforceEager ? host.eagerPerLayer : options.piecewise ? piecewise : host.fullGraphPerLayer);
  // One thread prepares and launches: behind the GPU, or before it. Another one passes tokens on.
  const base = new Float64Array(maxSequences + 1);
  const floor = new Float64Array(maxSequences + 1);
  for (let b = 0; b <= maxSequences; b++) {
    const rows = enforceEager ? b : graphRows(b);
    const reading = readSeconds(b), multiplying = rows * perDecodeToken + b * perSampledRow;
    const waiting = asyncScheduling ? 0 : prepared(b);
    base[b] = fixedSeconds + Math.max(reading, multiplying) +
      (1 - kernels.overlap) * Math.min(reading, multiplying) +
      b * (perDecode + perToken + perSample) + waiting;
    floor[b] = Math.max(launching + waiting, prepared(b), b * host.deliverySeconds);
  }
  const mixed: MixedStepCost = {
    hostSeconds: layers * (enforceEager ? Math.max(host.eagerPerLayer, piecewise) : piecewise),
    prepareSeconds: host.prepareSeconds,
    preparePerSequence: host.preparePerSequence,
    // The head and the sampler come after the last layer.
    tailSeconds: headRead / bandwidth,
    fixedSeconds,
    weights: Float64Array.from(
      { length: model.moe === null ? 3 : EXPERT_TOKENS + 1 },
      (_, tokens) => readSeconds(tokens),
    ),
    perPromptToken: 2 * (common + experts / kernels.expertPromptMatmul) / (promptShare * flops),
    perDecodeToken,
    perSampledRow,
    overlap: kernels.overlap,
    perDecode,
    perContextToken,
    kvFactor: mixedKvFactor(model, gpu, options),
    perPair: (layers - slidingLayers) * perPair,
    perWindowPair: slidingLayers * perPair,
    window,
    perTile: layers * model.heads / tensorParallel * kernels.emptyTile /
      (gpu.multiprocessors ?? Infinity),
    perToken,
    perSample,
  };
  const cards = tensorParallel === 1 ? gpu.name : `${tensorParallel} × ${gpu.name}`;
  return {
    name: `${model.name}${precision === "bf16" ? "" : ` (${precision})`} on ${cards}`,
    base,
    floor,
    perContextToken: new Float64Array(maxSequences + 1).fill(perContextToken),
    perPrefillToken: mixed.perPromptToken,
    perPrefillPair: mixed.perPair,
    mixed,
    perRequest: secondsThrough(host.frontEnd),
    frontEnd: host.frontEnd,
    ceilings: gpu.sustained,
    source: [model.source, gpu.source, host.source].join("; "),
  };
}
