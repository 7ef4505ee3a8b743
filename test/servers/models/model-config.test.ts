import { describe, expect, test } from "vitest";
import bundled from "../../../data/models_gpus/models.json" with { type: "json" };
import { parameterCount } from "../../../src/servers/costs/model-shape.ts";
import { MODELS } from "../../../src/servers/models/bundled.ts";
import { readModelConfig } from "../../../src/servers/models/model-config.ts";

type Row = (typeof bundled.models)[number];

const ARCHITECTURE: Readonly<Record<string, string>> = {
  llama: "LlamaForCausalLM",
  qwen2: "Qwen2ForCausalLM",
  qwen3: "Qwen3ForCausalLM",
  qwen3_moe: "Qwen3MoeForCausalLM",
  mistral: "MistralForCausalLM",
  mixtral: "MixtralForCausalLM",
  gemma2: "Gemma2ForCausalLM",
  gemma3: "Gemma3ForCausalLM",
  phi3: "Phi3ForCausalLM",
  gpt_oss: "GptOssForCausalLM",
  olmo2: "Olmo2ForCausalLM",
};

/** A row as its config.json would say it, with the fields that the family's files have. */
function configOf(row: Row): Record<string, unknown> {
  const { family, moe } = row;
  return {
    architectures: [ARCHITECTURE[family]],
    model_type: family,
    num_hidden_layers: row.layers,
    hidden_size: row.hidden,
    intermediate_size: row.intermediate,
    num_attention_heads: row.heads,
    num_key_value_heads: row.kv_heads,
    ...row.head_dim * row.heads !== row.hidden || /qwen3|gemma|gpt/.test(family)
      ? { head_dim: row.head_dim }
      : {},
    vocab_size: row.vocab,
    max_position_embeddings: row.max_position_embeddings,
    torch_dtype: row.dtype,
    tie_word_embeddings: row.tied_embeddings,
    ...family === "gpt_oss" && { attention_bias: true },
    // In the files of Qwen2 there is a window that is not used.
    ...family === "qwen2"
      ? { sliding_window: 131_072, max_window_layers: 28, use_sliding_window: false }
      : { sliding_window: row.sliding_window },
    ...family === "gemma3" && { sliding_window_pattern: 6 },
    ...moe && family.startsWith("qwen3") &&
      { num_experts: moe.experts, moe_intermediate_size: moe.expert_intermediate },
    ...moe && !family.startsWith("qwen3") &&
      { num_local_experts: moe.experts, intermediate_size: moe.expert_intermediate },
    ...moe && { num_experts_per_tok: moe.active, mlp_only_layers: [], decoder_sparse_step: 1 },
  };
}

test.each(bundled.models.map((row) => [row.name, row] as const))(
  "the config.json of %s gives the bundled shape",
  (name, row) => {
    const { model, precision } = readModelConfig(configOf(row), "config.json", name);
    expect(model).toEqual({ ...MODELS[name], source: "config.json" });
    expect(parameterCount(model)).toBe(row.params_computed);
    expect(precision).toBe("bf16");
  },
);

describe("of files as they are published", () => {
  test("gemma-3-4b's text_config says six fields, and the rest is its class's", () => {
    const { model } = readModelConfig({
      architectures: ["Gemma3ForConditionalGeneration"],
      model_type: "gemma3",
      text_config: {
        hidden_size: 2560,
        intermediate_size: 10_240,
        model_type: "gemma3_text",
        num_hidden_layers: 34,
        rope_scaling: { factor: 8, rope_type: "linear" },
        sliding_window: 1024,
      },
      torch_dtype: "bfloat16",
      vision_config: { hidden_size: 1152, num_hidden_layers: 27 },
    }, "gemma/config.json");
    expect(parameterCount(model)).toBe(3_880_263_168);
    expect([model.slidingLayers, model.slidingWindow]).toEqual([29, 1024]);
  });

  test("gpt-oss says which layers slide, and that its experts are MXFP4", () => {
    const row = bundled.models.find(({ name }) => name === "gpt-oss-20b")!;
    const found = readModelConfig(
      {
        ...configOf(row),
        layer_types: Array.from(
          { length: 24 },
          (_, i) => i % 2 === 0 ? "sliding_attention" : "full_attention",
        ),
        experts_per_token: 4,
        quantization_config: { quant_method: "mxfp4", modules_to_not_convert: ["lm_head"] },
      },
      "config.json",
      "gpt-oss-20b",
    );
    expect(found.model).toEqual({ ...MODELS["gpt-oss-20b"], source: "config.json" });
    expect(found.precision).toBe("mxfp4");
  });

  test("Qwen1.5-MoE-A2.7B has shared experts: 14.3 B parameters, 2.7 B of them active", () => {
    const { model } = readModelConfig({
      architectures: ["Qwen2MoeForCausalLM"],
      decoder_sparse_step: 1,
      hidden_size: 2048,
      intermediate_size: 5632,
      max_position_embeddings: 8192,
      max_window_layers: 21,
      moe_intermediate_size: 1408,
      num_attention_heads: 16,
      num_experts: 60,
      num_experts_per_tok: 4,
      num_hidden_layers: 24,
      num_key_value_heads: 16,
      shared_expert_intermediate_size: 5632,
      sliding_window: 32_768,
      tie_word_embeddings: false,
      use_sliding_window: false,
      vocab_size: 151_936,
    }, "config.json");
    expect(parameterCount(model) / 1e9).toBeCloseTo(14.32, 2);
  });

  test("phi-2 has no gate: 2.78 B parameters", () => {
    const { model } = readModelConfig({
      architectures: ["PhiForCausalLM"],
      hidden_size: 2560,
      intermediate_size: 10_240,
      max_position_embeddings: 2048,
      num_attention_heads: 32,
      num_hidden_layers: 32,
      num_key_value_heads: 32,
      tie_word_embeddings: false,
      vocab_size: 51_200,
    }, "config.json");
    expect(parameterCount(model) / 2_779_683_840).toBeCloseTo(1, 3);
  });

  test("a file without `architectures` is known by its model_type", () => {
    const config = { ...configOf(bundled.models[3]), architectures: undefined };
    expect(readModelConfig(config, "config.json", "Meta-Llama-3-8B").model)
      .toEqual({ ...MODELS["Meta-Llama-3-8B"], source: "config.json" });
  });

  test.each([
    [{ quant_method: "awq", bits: 4, group_size: 128 }, "awq"],
    [{ quant_method: "gptq", bits: 4 }, "gptq"],
    [{ quant_method: "fp8", activation_scheme: "dynamic" }, "fp8"],
    [{
      quant_method: "compressed-tensors",
      config_groups: { group_0: { weights: { num_bits: 8, type: "float" } } },
    }, "fp8"],
    [{
      quant_method: "compressed-tensors",
      config_groups: { group_0: { weights: { num_bits: 4, type: "int" } } },
    }, "gptq"],
  ])("quantization_config %# is %s", (quantization_config, precision) => {
    const config = { ...configOf(bundled.models[3]), quantization_config };
    expect(readModelConfig(config, "config.json").precision).toBe(precision);
  });
});

const LLAMA = configOf(bundled.models.find(({ name }) => name === "Llama-3.1-8B")!);

describe("a file is refused", () => {
  test("with every field that is needed and absent", () => {
    const config = { ...LLAMA, hidden_size: undefined, vocab_size: "128256", num_hidden_layers: 0 };
    expect(() => readModelConfig(config, "my/config.json")).toThrow(
      "my/config.json, field num_hidden_layers: got 0, expected an integer >= 1\n" +
        "my/config.json, field hidden_size: got undefined, expected an integer >= 1\n" +
        'my/config.json, field vocab_size: got "128256", expected an integer >= 1',
    );
  });

  test.each([
    "num_hidden_layers",
    "hidden_size",
    "intermediate_size",
    "num_attention_heads",
    "vocab_size",
    "max_position_embeddings",
  ])("without %s", (field) => {
    expect(() => readModelConfig({ ...LLAMA, [field]: null }, "config.json")).toThrow(
      `config.json, field ${field}: got undefined, expected an integer >= 1`,
    );
  });

  test("without what says how many experts there are", () => {
    const mixtral = configOf(bundled.models.find(({ family }) => family === "mixtral")!);
    expect(() => readModelConfig({ ...mixtral, num_local_experts: null }, "config.json"))
      .toThrow("field num_local_experts: got undefined");
    expect(() => readModelConfig({ ...mixtral, num_experts_per_tok: 9 }, "config.json"))
      .toThrow("field num_experts_per_tok: got 9, expected at most num_local_experts (8)");
  });

  test.each([
    ["DeepseekV3ForCausalLM", { kv_lora_rank: 512 }, /latent attention/],
    ["DeepseekV32ForCausalLM", { kv_lora_rank: 512, index_topk: 2048 }, /indexer/],
    ["Glm5ForCausalLM", { kv_lora_rank: 512 }, /kv_lora_rank: got 512.*latent attention/],
    ["JambaForCausalLM", { attn_layer_period: 8 }, /Mamba/],
    ["MambaForCausalLM", {}, /Mamba/],
    ["NemotronHForCausalLM", { hybrid_override_pattern: "M-M" }, /Mamba/],
    ["Qwen3NextForCausalLM", {}, /linear attention/],
    ["AnyForCausalLM", { layer_types: ["linear_attention"] }, /linear attention/],
    ["Llama4ForConditionalGeneration", {}, /chunked local attention/],
    ["Gemma3nForConditionalGeneration", {}, /per-layer embeddings/],
    ["BertForMaskedLM", {}, /encoder without a decoder/],
    ["T5ForConditionalGeneration", { is_encoder_decoder: true }, /encoder before the decoder/],
    ["MyForCausalLM", {}, /architectures: got \["MyForCausalLM"\], expected .*LlamaForCausalLM/],
  ])("%s %j by name", (name, fields, message) => {
    expect(() => readModelConfig({ ...LLAMA, architectures: [name], ...fields }, "config.json"))
      .toThrow(message);
  });

  test.each([
    [{ architectures: undefined, model_type: "gpt2" }, /field architectures: got undefined/],
    [{ num_key_value_heads: 5 }, /field num_key_value_heads: got 5, expected a divisor/],
    [{ num_attention_heads: 30, num_key_value_heads: 30 }, /field head_dim: .*no 30 equal parts/],
    [{ torch_dtype: "int4" }, /field torch_dtype: got "int4", expected bfloat16/],
    [{ quantization_config: { quant_method: "bitsandbytes" } }, /field quantization_config: got/],
  ])("with %j", (fields, message) => {
    expect(() => readModelConfig({ ...LLAMA, ...fields }, "config.json")).toThrow(message);
  });

  test("that is no object", () => {
    expect(() => readModelConfig([1], "config.json")).toThrow(/config\.json: got \[1\], expected/);
  });
});
