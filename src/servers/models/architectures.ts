import type { ModelShape } from "../costs/model-shape.ts";

/** What a family of models leaves unsaid in its config.json, as the library that wrote it takes it. */
export interface Architecture {
  /** Fields that may be absent, and what they are then. */
  readonly defaults?: Readonly<Record<string, unknown>>;
  /** Heads of keys and values where nothing is said: as many as of queries. */
  readonly kvHeadsDefault?: "heads";
  /** Dimension of a head where nothing is said: `hidden_size / num_attention_heads`. */
  readonly headDimDefault?: "hidden / heads";
  readonly tiedEmbeddings: boolean;
  readonly qkvBias: boolean | "attention_bias";
  readonly outputBias: boolean | "attention_bias";
  readonly qkNorm: ModelShape["qkNorm"];
  readonly normsPerLayer: number;
  readonly gatedMlp: boolean;
  readonly attentionSinks?: boolean;
  /**
   * Layers that slide where `layer_types` does not say. `every`: all, if there is a window;
   * `from max_window_layers`: those after so many, if `use_sliding_window`; `even`: 0, 2, …;
   * `pattern`: all but each `sliding_window_pattern`-th.
   */
  readonly slides: "never" | "every" | "from max_window_layers" | "even" | "pattern";
  /** Names of the expert fields. */
  readonly experts?: {
    readonly count: string;
    readonly intermediate: string;
    readonly shared?: string;
    readonly biases?: boolean;
  };
}

const LLAMA: Architecture = {
  kvHeadsDefault: "heads",
  headDimDefault: "hidden / heads",
  tiedEmbeddings: false,
  qkvBias: "attention_bias",
  outputBias: "attention_bias",
  qkNorm: null,
  normsPerLayer: 2,
  gatedMlp: true,
  slides: "never",
};
const MISTRAL: Architecture = {
  ...LLAMA,
  kvHeadsDefault: undefined,
  qkvBias: false,
  outputBias: false,
  slides: "every",
};
const QWEN2: Architecture = {
  ...MISTRAL,
  qkvBias: true,
  slides: "from max_window_layers",
};
const QWEN3: Architecture = {
  ...QWEN2,
  headDimDefault: undefined,
  qkvBias: "attention_bias",
  outputBias: "attention_bias",
  qkNorm: "head",
};
const GEMMA: Architecture = {
  ...LLAMA,
  kvHeadsDefault: undefined,
  headDimDefault: undefined,
  tiedEmbeddings: true,
};
const GEMMA2: Architecture = { ...GEMMA, normsPerLayer: 4, slides: "even" };
const GEMMA3: Architecture = {
  ...GEMMA2,
  qkNorm: "head",
  slides: "pattern",
  // The published files of the multimodal sizes leave out what the library's class says.
  defaults: {
    ...{ num_attention_heads: 8, num_key_value_heads: 4, head_dim: 256, vocab_size: 262_208 },
    ...{ max_position_embeddings: 131_072, sliding_window_pattern: 6 },
  },
};

/**
 * Architectures that are modelled, by the name in `architectures` of config.json. Vision towers of
 * multimodal ones are left out.
 */
export const ARCHITECTURES: Readonly<Record<string, Architecture>> = {
  LlamaForCausalLM: LLAMA,
  GraniteForCausalLM: LLAMA,
  MistralForCausalLM: MISTRAL,
  Mistral3ForConditionalGeneration: MISTRAL,
  Qwen2ForCausalLM: QWEN2,
  Qwen3ForCausalLM: QWEN3,
  Qwen2MoeForCausalLM: {
    ...QWEN2,
    experts: {
      count: "num_experts",
      intermediate: "moe_intermediate_size",
      shared: "shared_expert_intermediate_size",
    },
  },
  Qwen3MoeForCausalLM: {
    ...QWEN3,
    experts: { count: "num_experts", intermediate: "moe_intermediate_size" },
  },
  MixtralForCausalLM: {
    ...MISTRAL,
    experts: { count: "num_local_experts", intermediate: "intermediate_size" },
  },
  GptOssForCausalLM: {
    ...QWEN3,
    defaults: { attention_bias: true },
    qkNorm: null,
    attentionSinks: true,
    slides: "even",
    experts: { count: "num_local_experts", intermediate: "intermediate_size", biases: true },
  },
  GemmaForCausalLM: GEMMA,
  Gemma2ForCausalLM: GEMMA2,
  Gemma3ForCausalLM: GEMMA3,
  Gemma3ForConditionalGeneration: GEMMA3,
  Phi3ForCausalLM: { ...MISTRAL, kvHeadsDefault: "heads" },
  // Its MLP's and head's biases, 0.02 % of the model, are not counted.
  PhiForCausalLM: { ...LLAMA, qkvBias: true, outputBias: true, gatedMlp: false },
  Olmo2ForCausalLM: { ...LLAMA, qkNorm: "full" },
};

/** Architectures by `model_type`, for a file that does not name its own. */
export const ARCHITECTURE_OF_TYPE: Readonly<Record<string, string>> = {
  ...{ llama: "LlamaForCausalLM", granite: "GraniteForCausalLM", mistral: "MistralForCausalLM" },
  ...{ mistral3: "Mistral3ForConditionalGeneration", mixtral: "MixtralForCausalLM" },
  ...{ qwen2: "Qwen2ForCausalLM", qwen2_moe: "Qwen2MoeForCausalLM", qwen3: "Qwen3ForCausalLM" },
  ...{ qwen3_moe: "Qwen3MoeForCausalLM", gpt_oss: "GptOssForCausalLM" },
  ...{ gemma: "GemmaForCausalLM", gemma2: "Gemma2ForCausalLM" },
  ...{ gemma3_text: "Gemma3ForCausalLM", gemma3: "Gemma3ForConditionalGeneration" },
  ...{ phi: "PhiForCausalLM", phi3: "Phi3ForCausalLM", olmo2: "Olmo2ForCausalLM" },
};

/** An architecture that is refused: how it is recognised, and why. */
interface Refused {
  readonly why: string;
  readonly architectures: RegExp;
  /** Fields whose presence says the same of any architecture. */
  readonly fields?: RegExp;
}

/** In the order in which they are tried: the narrower first. */
export const REFUSED: readonly Refused[] = [
  {
    why: "sparse attention with an indexer (DeepSeek-V3.2 and V4, MiniMax-M3)",
    architectures: /^(DeepseekV32|DeepseekV4|MiniMaxM3)/,
    fields: /^index_(topk|n_heads)$/,
  },
  {
    why: "linear attention (Qwen3-Next, Qwen3.5, Kimi-Linear, MiniMax-Text-01, RWKV)",
    architectures: /^(Qwen3Next|Qwen3_5|KimiLinear|MiniMaxText01|MiniMaxM1|Rwkv|RetNet)/i,
    fields: /^(attn_type_list|linear_attn_config|linear_(key_head_dim|num_key_heads))$/,
  },
  {
    why: "Mamba or other state-space layers (Mamba, Jamba, Nemotron-H, Granite-4-H, Zamba2)",
    architectures: /(Mamba|Jamba|Bamba|NemotronH|GraniteMoeHybrid|Zamba|FalconH1|Plamo2|Lfm2)/i,
    fields: /^(hybrid_override_pattern|mamba_.*|attn_layer_period|ssm_cfg)$/,
  },
  {
    why: "multi-head latent attention (DeepSeek-V2, V3 and R1, Kimi-K2, GLM-5)",
    architectures: /^(DeepseekV[23]|KimiK2|MiniCPM3)/,
    fields: /^(kv_lora_rank|q_lora_rank|qk_rope_head_dim)$/,
  },
  {
    why: "chunked local attention and interleaved experts (Llama-4)",
    architectures: /^Llama4/,
    fields: /^(attention_chunk_size|interleave_moe_layer_step)$/,
  },
  {
    why: "per-layer embeddings, shared KV layers and two head sizes (Gemma-3n, Gemma-4)",
    architectures: /^Gemma(3n|4)/,
    fields: /^(hidden_size_per_layer_input|num_kv_shared_layers|global_head_dim)$/,
  },
  {
    why: "an encoder without a decoder: it generates no tokens (BERT, RoBERTa and the like)",
    architectures: /(Bert|Roberta|Electra|Deberta|MPNet|NomicBert|ViT|CLIP|Siglip)/i,
  },
  {
    why: "an encoder before the decoder (T5, BART, Whisper)",
    architectures: /^(T5|MT5|UMT5|Bart|MBart|Whisper|Pegasus|Mllama)/,
    fields: /^is_encoder_decoder$/,
  },
];
