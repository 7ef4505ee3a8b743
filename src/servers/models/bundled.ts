import bundled from "../../../data/models_gpus/models.json" with { type: "json" };
import { InputError } from "../../errors/input-error.ts";
import type { ModelShape } from "../costs/model-shape.ts";

/** What is read of a row of `data/models_gpus/models.json`. */
interface Row {
  readonly name: string;
  readonly layers: number;
  readonly hidden: number;
  readonly intermediate: number;
  readonly heads: number;
  readonly kv_heads: number;
  readonly head_dim: number;
  readonly vocab: number;
  readonly tied_embeddings: boolean;
  readonly qkv_bias: boolean;
  readonly o_bias: boolean;
  readonly qk_norm: ModelShape["qkNorm"];
  readonly norms_per_layer: number;
  readonly gated_mlp: boolean;
  readonly attention_sinks: boolean;
  readonly sliding_window: number | null;
  readonly sliding_layers: number;
  readonly moe: {
    readonly experts: number;
    readonly active: number;
    readonly expert_intermediate: number;
    readonly shared_experts: number;
    readonly dense_layers: number;
    readonly expert_bias?: boolean;
    readonly router_bias?: boolean;
  } | null;
  readonly max_position_embeddings: number;
  readonly dtype: string;
}

function shapeOf(row: Row): ModelShape {
  return {
    name: row.name,
    layers: row.layers,
    hidden: row.hidden,
    intermediate: row.intermediate,
    heads: row.heads,
    kvHeads: row.kv_heads,
    headDim: row.head_dim,
    vocabulary: row.vocab,
    tiedEmbeddings: row.tied_embeddings,
    qkvBias: row.qkv_bias,
    outputBias: row.o_bias,
    qkNorm: row.qk_norm,
    normsPerLayer: row.norms_per_layer,
    gatedMlp: row.gated_mlp,
    attentionSinks: row.attention_sinks,
    slidingWindow: row.sliding_window,
    slidingLayers: row.sliding_layers,
    moe: row.moe && {
      experts: row.moe.experts,
      topK: row.moe.active,
      expertIntermediate: row.moe.expert_intermediate,
      sharedIntermediate: row.moe.shared_experts * row.moe.expert_intermediate,
      denseLayers: row.moe.dense_layers,
      expertBias: row.moe.expert_bias ?? false,
      routerBias: row.moe.router_bias ?? false,
    },
    maxPositionEmbeddings: row.max_position_embeddings,
    dtype: row.dtype as ModelShape["dtype"],
    bytesPerValue: 2,
    source: `config.json of ${row.name}`,
  };
}

/**
 * Bundled shapes by name, as a server file uses it: 60 with checked parameter counts
 * (`data/models_gpus/models.json`).
 */
export const MODELS: Readonly<Record<string, ModelShape>> = Object.fromEntries(
  (bundled.models as readonly Row[]).map((row) => [row.name, shapeOf(row)]),
);

/** The paper's model, in fp16. It has no grouped-query attention: 16 KV heads. */
export const QWEN15_1_8B_CHAT: ModelShape = MODELS["Qwen1.5-1.8B-Chat"];
/** 28 layers with grouped-query attention; the output head is the embedding, read as weights. */
export const QWEN3_1_7B: ModelShape = MODELS["Qwen3-1.7B"];
/** bf16; how its quantised forms are read is a kernel path. */
export const QWEN25_7B: ModelShape = MODELS["Qwen2.5-7B"];

/** Models of another's shape, as far as bytes and FLOP go. */
const SAME_SHAPE: Readonly<Record<string, string>> = {
  ...{ "Qwen2-0.5B": "Qwen2.5-0.5B", "Qwen2-1.5B": "Qwen2.5-1.5B", "Qwen2-7B": "Qwen2.5-7B" },
  ...{ "Qwen2-72B": "Qwen2.5-72B", "Llama-3-8B": "Meta-Llama-3-8B" },
  ...{ "Llama-3-70B": "Meta-Llama-3-70B", "Llama-3.3-70B": "Llama-3.1-70B" },
  // 768 words less than v0.3: 0.1 % of the weights.
  "Mistral-7B-v0.2": "Mistral-7B-v0.3",
  ...{ "Qwen3-VL-30B-A3B": "Qwen3-30B-A3B", "Phi-3.5-mini": "Phi-3-mini-4k" },
};

/** Without the organisation, and what says how a model was tuned and not how large it is. */
const plain = (name: string) =>
  name.toLowerCase().replace(/^.*\//, "").replace(/^meta-/, "").replace(/ \(text\)$/, "")
    .replace(/-(instruct|chat|it|hf|base|pt)(?=-|$)/g, "");

/**
 * The bundled shape of a name: as in `models.json`, or as Hugging Face writes it
 * (`meta-llama/Llama-3.1-8B-Instruct`). An InputError says which names come near.
 */
export function modelNamed(name: string, file = "model"): ModelShape {
  if (Object.hasOwn(MODELS, name)) return MODELS[name];
  const names = Object.keys(MODELS);
  const same = Object.keys(SAME_SHAPE).find((each) => plain(each) === plain(name));
  const wanted = plain(same === undefined ? name : SAME_SHAPE[same]);
  const found = names.find((each) => plain(each) === wanted);
  if (found !== undefined) return MODELS[found];
  const [family] = plain(name).split(/[-_ ]/);
  const near = family === "" ? [] : names.filter((each) => plain(each).startsWith(family));
  throw new InputError({
    file,
    field: "model",
    value: name,
    expected: `the path of a config.json, or a bundled shape, for example ${
      (near.length > 0 ? near : names).slice(0, 12).join(", ")
    }`,
  });
}
