import { InputError } from "../errors/input-error.ts";
import type { ServerConfigInput } from "./continuous/config.ts";
import type { Gpu } from "./costs/gpu.ts";
import type { ModelShape } from "./costs/model-shape.ts";
import { CLOUD_HOST } from "./costs/host.ts";
import { physicalCost } from "./costs/physical-cost.ts";
import { gpuNamed } from "./gpus/bundled.ts";
import { HOST_PAUSE } from "./gpus/card-kernels.ts";
import { batchLimitsOf } from "./gpus/server-defaults.ts";
import { blocksHeld, type KvLayout } from "./kv/kv-groups.ts";
import { assertBlocksFit, assertHoldsRequest, type KvPool, kvPool } from "./kv/kv-pool.ts";
import { modelNamed } from "./models/bundled.ts";
import { type Precision, precisionNamed } from "./models/precision.ts";
import { type ServerInput } from "./server.ts";
import { VLLM_0_30, vllmVersion } from "./vllm-version.ts";

/** vLLM's flags that size a server, beside those that its scheduler reads. */
export interface SizingFlags {
  /** Share of each card's memory that vLLM takes. @default 0.92, as vLLM 0.30 */
  readonly gpu_memory_utilization?: number;
  /** `fp8` halves the KV of a token. @default "auto": the model's own type */
  readonly kv_cache_dtype?: string;
  /** Whether it runs without CUDA graphs. @default false */
  readonly enforce_eager?: boolean;
  /** `PIECEWISE`: decoding too has one graph a layer. @default "FULL_AND_PIECEWISE" */
  readonly cudagraph_mode?: string;
  /** Bytes of the KV pool on a rank; nothing is reckoned then. */
  readonly kv_cache_memory_bytes?: number;
  /** Whether every layer keeps all of its KV. @default false */
  readonly disable_hybrid_kv_cache_manager?: boolean;
}

/** A server by what it consists of. */
export interface ServerParts {
  /** A bundled shape by name, as Hugging Face writes it or not, or a shape. */
  readonly model: string | ModelShape;
  /** A bundled card by name, or a card. */
  readonly gpu: string | Gpu;
  /** How the weights are stored. @default "bf16"; "mxfp4" for gpt-oss */
  readonly precision?: string;
  /** Cards that share every layer. @default 1 */
  readonly tensorParallel?: number;
  /** vLLM's flags; absent ones as vLLM takes them for this card. */
  readonly flags?: Partial<ServerConfigInput> & SizingFlags;
  /** KV blocks as the server's log says them. @default sized as vLLM does */
  readonly kvBlocks?: number;
  /** @default "0.30.0" */
  readonly vllm?: string;
  /** Tokens of a typical request, for models whose layers slide in part. @default 2048 */
  readonly typicalTokens?: number;
}

/** A server's parts, resolved, with what was worked out from them. */
export interface SizedServer {
  readonly model: ModelShape;
  readonly gpu: Gpu;
  readonly precision: Precision;
  readonly tensorParallel: number;
  /** Bytes of one entry of the KV cache. */
  readonly kvBytesPerValue: number;
  readonly vllm: string;
  /** What the simulator takes. */
  readonly server: ServerInput;
  readonly pool: KvPool;
  /** vLLM's own blocks: those that were given, else those of the pool. */
  readonly blocks: number;
  /** Whether the blocks were given and not reckoned. */
  readonly blocksGiven: boolean;
}

function tensorParallelOf({ tensorParallel = 1 }: ServerParts, model: ModelShape, file: string) {
  const field = "tensorParallel", value = tensorParallel;
  if (!Number.isInteger(value) || value < 1 || model.heads % value !== 0) {
    const expected = `a number of cards that divides the ${model.heads} heads of ${model.name}`;
    throw new InputError({ file, field, value, expected });
  }
  if (model.kvHeads % value !== 0 && value % model.kvHeads !== 0) {
    const expected = `a divisor or a multiple of the ${model.kvHeads} KV heads of ${model.name}`;
    throw new InputError({ file, field, value, expected });
  }
  return value;
}

/** Bytes of a KV entry by vLLM's flag. */
function kvBytesOf(dtype: string | undefined, model: ModelShape, file: string): number {
  if (dtype === undefined || dtype === "auto") return model.bytesPerValue;
  if (/^fp8/.test(dtype)) return 1;
  if (dtype === "bfloat16" || dtype === "float16" || dtype === "bf16" || dtype === "fp16") return 2;
  const expected = "auto, bfloat16, float16 or fp8";
  throw new InputError({ file, field: "kv_cache_dtype", value: dtype, expected });
}

const FULL_AND_PIECEWISE = "FULL_AND_PIECEWISE", PIECEWISE = "PIECEWISE";

/** Whether steps that decode alone have one graph a layer too. */
function isPiecewise(mode: string, file: string): boolean {
  if (mode === FULL_AND_PIECEWISE || mode === PIECEWISE) return mode === PIECEWISE;
  const expected = `${FULL_AND_PIECEWISE} or ${PIECEWISE}`;
  throw new InputError({ file, field: "cudagraph_mode", value: mode, expected });
}

/** Tokens of a typical request where nobody says: a chat's prompt and answer, with room. */
const TYPICAL_TOKENS = 2048;

/**
 * The simulator's one pool that holds as many typical requests as vLLM's groups of layers do. For a
 * model of one kind of layers these are the blocks themselves. Where layers slide, the longest request
 * takes fewer of vLLM's blocks than of ours: if it does not fit, the length gives way, unless a flag
 * says it.
 */
function onePool(
  blocks: number,
  { model, layout, tokens }: {
    readonly model: ModelShape;
    readonly layout: KvLayout;
    readonly tokens: number;
  },
  lengthGiven: boolean,
): { readonly num_gpu_blocks: number; readonly max_model_len: number } {
  const { blockSize = 16, maxModelLen } = layout;
  const perRequest = Math.ceil(tokens / blockSize);
  const equivalent = Math.floor(blocks * perRequest / blocksHeld(model, layout, tokens));
  const needed = Math.ceil(maxModelLen / blockSize) + 1;
  if (equivalent >= needed || lengthGiven) {
    return { num_gpu_blocks: Math.max(equivalent, needed), max_model_len: maxModelLen };
  }
  return { num_gpu_blocks: equivalent, max_model_len: (equivalent - 1) * blockSize };
}

/**
 * Works a server out of a model, a card and vLLM's flags: KV blocks as vLLM sizes them, limits of the
 * batch as it takes them for the card, and what a step costs. Throws an InputError that names what
 * does not go together.
 *
 * @param file for errors: where the parts were written
 * @example
 * const { server, pool } = sizeServer({ model: "Llama-3.1-8B", gpu: "H100-SXM5-80GB" });
 */
export function sizeServer(parts: ServerParts, file = "server"): SizedServer {
  const model = typeof parts.model === "string" ? modelNamed(parts.model, file) : parts.model;
  const gpu = typeof parts.gpu === "string" ? gpuNamed(parts.gpu, file) : parts.gpu;
  const tensorParallel = tensorParallelOf(parts, model, file);
  const precision = parts.precision === undefined
    ? defaultPrecision(model)
    : precisionNamed(parts.precision, file);
  const { vllm = VLLM_0_30, kvBlocks, typicalTokens = TYPICAL_TOKENS } = parts;
  const {
    gpu_memory_utilization,
    kv_cache_dtype,
    enforce_eager,
    cudagraph_mode = FULL_AND_PIECEWISE,
    kv_cache_memory_bytes,
    disable_hybrid_kv_cache_manager,
    num_gpu_blocks,
    ...flags
  } = parts.flags ?? {};
  const version = vllmVersion(vllm, file);
  const pause = HOST_PAUSE[version.engine];
  const config = {
    max_model_len: model.maxPositionEmbeddings,
    async_scheduling: version.asyncScheduling,
    ...batchLimitsOf(gpu, vllm),
    ...flags,
  };
  const layout: KvLayout = {
    bytesPerValue: kvBytesOf(kv_cache_dtype, model, file),
    tensorParallel,
    blockSize: config.block_size,
    maxModelLen: config.max_model_len,
    tokensInFlight: (config.async_scheduling ? 2 : 1) * config.max_num_batched_tokens,
    hybridDisabled: disable_hybrid_kv_cache_manager,
  };
  const pool = kvPool(model, gpu, layout, {
    ...{ precision, tensorParallel, vllm, gpu_memory_utilization, enforce_eager },
    ...{ kv_cache_memory_bytes, max_num_seqs: config.max_num_seqs },
    max_num_batched_tokens: config.max_num_batched_tokens,
  }, file);
  const given = kvBlocks ?? num_gpu_blocks;
  if (given !== undefined) assertBlocksFit(given, pool, gpu, file);
  assertHoldsRequest(given ?? pool.blocks, { pool, model, gpu, layout }, file);
  const tokens = Math.min(typicalTokens, config.max_model_len);
  const cost = physicalCost(model, gpu, {
    ...{ precision, tensorParallel, typicalTokens: tokens },
    maxSequences: config.max_num_seqs,
    kvBytesPerValue: layout.bytesPerValue,
    asyncScheduling: config.async_scheduling,
    enforceEager: enforce_eager,
    piecewise: isPiecewise(cudagraph_mode, file),
    host: {
      ...CLOUD_HOST,
      prepareSeconds: pause.seconds,
      preparePerSequence: pause.perSequence,
    },
  });
  return {
    ...{ model, gpu, precision, tensorParallel, vllm, pool },
    kvBytesPerValue: layout.bytesPerValue!,
    blocks: given ?? pool.blocks,
    blocksGiven: given !== undefined || kv_cache_memory_bytes !== undefined,
    server: {
      name: cost.name,
      config: {
        ...config,
        ...onePool(given ?? pool.blocks, { model, layout, tokens }, "max_model_len" in flags),
      },
      cost,
    },
  };
}

/** As the checkpoints are published. */
function defaultPrecision({ name }: ModelShape): Precision {
  return /gpt-oss/i.test(name) ? "mxfp4" : "bf16";
}

/**
 * A server of a model on a card, for `simulate`, the twin and predictions.
 *
 * @example
 * const server = servers.serverFor({ model: "Qwen3-1.7B", gpu: "L4" });
 */
export function serverFor(parts: ServerParts): ServerInput {
  return sizeServer(parts).server;
}
