import { InputError, type InputProblem } from "../../errors/input-error.ts";
import type { MixtureOfExperts, ModelShape } from "../costs/model-shape.ts";
import {
  type Architecture,
  ARCHITECTURE_OF_TYPE,
  ARCHITECTURES,
  REFUSED,
} from "./architectures.ts";
import type { Precision } from "./precision.ts";

type Json = Readonly<Record<string, unknown>>;

/** What a config.json says. */
export interface ModelConfig {
  readonly model: ModelShape;
  /** How the checkpoint stores its weights. */
  readonly precision: Precision;
}

const isObject = (value: unknown): value is Json =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/**
 * Reads a model's config.json as Hugging Face has it: Llama, Qwen, Mistral, Gemma, Phi, OLMo 2, and the
 * mixtures of experts Mixtral, Qwen-MoE and gpt-oss. Of a multimodal model its `text_config` counts.
 * Throws an InputError that names each field which is needed and absent, or why an architecture is
 * refused.
 *
 * @param json the parsed file
 * @param file its path, for errors
 * @param name of the model @default `_name_or_path`, else the file's path
 */
export function readModelConfig(json: unknown, file: string, name?: string): ModelConfig {
  if (!isObject(json)) {
    throw new InputError({ file, value: json, expected: "a model's config.json" });
  }
  const text = isObject(json.text_config) ? json.text_config : json;
  const architecture = architectureOf(json, text, file);
  const fields = new Fields({ ...architecture.defaults, ...present(text) }, file);
  const model = shapeOf(fields, architecture, name ?? nameOf(json, file), file);
  fields.assertComplete();
  return { model, precision: storedPrecision(json.quantization_config, file) };
}

/** Fields that have a value: `null` says that there is none. */
function present(json: Json): Json {
  return Object.fromEntries(Object.entries(json).filter(([, value]) => value !== null));
}

function nameOf(json: Json, file: string): string {
  const said = json._name_or_path;
  return typeof said === "string" && said !== "" ? said : file;
}

function architectureOf(json: Json, text: Json, file: string): Architecture {
  const names = Array.isArray(json.architectures) ? json.architectures : [];
  const type = typeof json.model_type === "string" ? json.model_type : "";
  const byType = Object.hasOwn(ARCHITECTURE_OF_TYPE, type) ? ARCHITECTURE_OF_TYPE[type] : undefined;
  const name: unknown = names[0] ?? byType;
  const field = "architectures";
  const refuse = (where: string, value: unknown, why: string) =>
    new InputError({
      ...{ file, field: where, value },
      expected: `an architecture that can be simulated: ${why} is not`,
    });
  const layerTypes = Array.isArray(text.layer_types) ? text.layer_types : [];
  if (layerTypes.includes("linear_attention")) {
    throw refuse("layer_types", "linear_attention", "linear attention (Qwen3-Next and the like)");
  }
  for (const { why, architectures, fields } of REFUSED) {
    if (typeof name === "string" && architectures.test(name)) throw refuse(field, name, why);
    const said = fields &&
      Object.entries(text).find(([key, value]) =>
        fields.test(key) && value !== null && value !== false
      );
    if (said !== undefined) throw refuse(said[0], said[1], why);
  }
  if (typeof name !== "string" || !Object.hasOwn(ARCHITECTURES, name)) {
    const expected = `["…"] with one of ${Object.keys(ARCHITECTURES).join(", ")}`;
    throw new InputError({ file, field, value: json.architectures, expected });
  }
  return ARCHITECTURES[name];
}

/** Reads fields and gathers what is wrong with them, so that one error names all. */
class Fields {
  readonly #json: Json;
  readonly #file: string;
  readonly #problems: InputProblem[] = [];

  constructor(json: Json, file: string) {
    this.#json = json;
    this.#file = file;
  }

  has(field: string): boolean {
    return this.#json[field] !== undefined;
  }

  value(field: string): unknown {
    return this.#json[field];
  }

  /** A whole number from `least`; NaN, and a problem, where it is none. */
  count(field: string, least = 1): number {
    const value = this.#json[field];
    if (typeof value === "number" && Number.isInteger(value) && value >= least) return value;
    this.refuse(field, `an integer >= ${least}`);
    return NaN;
  }

  refuse(field: string, expected: string): void {
    this.#problems.push({ file: this.#file, field, value: this.#json[field], expected });
  }

  assertComplete(): void {
    if (this.#problems.length > 0) throw new InputError(this.#problems);
  }
}

function shapeOf(
  fields: Fields,
  architecture: Architecture,
  name: string,
  file: string,
): ModelShape {
  const layers = fields.count("num_hidden_layers");
  const hidden = fields.count("hidden_size");
  const heads = fields.count("num_attention_heads");
  const kvHeads = architecture.kvHeadsDefault === "heads" && !fields.has("num_key_value_heads")
    ? heads
    : fields.count("num_key_value_heads");
  if (heads % kvHeads !== 0 && !Number.isNaN(heads % kvHeads)) {
    fields.refuse("num_key_value_heads", `a divisor of num_attention_heads (${heads})`);
  }
  const flag = (of: boolean | "attention_bias") =>
    of === "attention_bias" ? fields.value("attention_bias") === true : of;
  const tied = fields.value("tie_word_embeddings");
  const intermediate = fields.count("intermediate_size");
  const maxPositionEmbeddings = fields.count("max_position_embeddings");
  return {
    name,
    layers,
    hidden,
    intermediate,
    heads,
    kvHeads,
    headDim: headDimOf(fields, architecture, hidden, heads),
    vocabulary: fields.count("vocab_size"),
    tiedEmbeddings: typeof tied === "boolean" ? tied : architecture.tiedEmbeddings,
    qkvBias: flag(architecture.qkvBias),
    outputBias: flag(architecture.outputBias),
    qkNorm: architecture.qkNorm,
    normsPerLayer: architecture.normsPerLayer,
    gatedMlp: architecture.gatedMlp,
    attentionSinks: architecture.attentionSinks ?? false,
    ...slidingOf(fields, architecture, layers, maxPositionEmbeddings),
    moe: expertsOf(fields, architecture, layers),
    maxPositionEmbeddings,
    dtype: dtypeOf(fields),
    // Whatever the file says, vLLM serves in 16 bits unless told otherwise.
    bytesPerValue: 2,
    source: file,
  };
}

function headDimOf(fields: Fields, of: Architecture, hidden: number, heads: number): number {
  if (of.headDimDefault === undefined || fields.has("head_dim")) return fields.count("head_dim");
  if (hidden % heads !== 0 && !Number.isNaN(hidden % heads)) {
    fields.refuse(
      "head_dim",
      `a head's dimension: hidden_size ${hidden} has no ${heads} equal parts`,
    );
  }
  return hidden / heads;
}

function dtypeOf(fields: Fields): ModelShape["dtype"] {
  const field = fields.has("torch_dtype") ? "torch_dtype" : "dtype";
  const said = fields.value(field);
  if (said === undefined) return "bfloat16";
  if (said === "bfloat16" || said === "float16" || said === "float32") return said;
  fields.refuse(field, "bfloat16, float16 or float32");
  return "bfloat16";
}

function slidingOf(
  fields: Fields,
  { slides }: Architecture,
  layers: number,
  most: number,
): Pick<ModelShape, "slidingWindow" | "slidingLayers"> {
  const none = { slidingWindow: null, slidingLayers: 0 };
  const types = fields.value("layer_types");
  if (slides === "never") return none;
  if (slides === "from max_window_layers" && fields.value("use_sliding_window") !== true) {
    return none;
  }
  if (slides === "every" && !fields.has("sliding_window")) return none;
  const slidingWindow = fields.count("sliding_window");
  let slidingLayers: number;
  if (Array.isArray(types)) {
    if (types.length !== layers) fields.refuse("layer_types", `${layers} types, one a layer`);
    slidingLayers = types.filter((type) => type === "sliding_attention").length;
  } else {
    slidingLayers = countSliding(fields, slides, layers);
  }
  // A window that no request outgrows does nothing.
  if (slidingLayers === 0 || slidingWindow >= most) return none;
  return { slidingWindow, slidingLayers };
}

function countSliding(fields: Fields, slides: Architecture["slides"], layers: number): number {
  switch (slides) {
    case "even":
      return Math.ceil(layers / 2);
    case "pattern": {
      const field = fields.has("_sliding_window_pattern")
        ? "_sliding_window_pattern"
        : "sliding_window_pattern";
      return layers - Math.floor(layers / fields.count(field));
    }
    case "from max_window_layers":
      return Math.max(0, layers - fields.count("max_window_layers", 0));
    default:
      return layers;
  }
}

function expertsOf(
  fields: Fields,
  { experts }: Architecture,
  layers: number,
): MixtureOfExperts | null {
  if (experts === undefined) return null;
  const perToken = !fields.has("num_experts_per_tok") && fields.has("experts_per_token")
    ? "experts_per_token"
    : "num_experts_per_tok";
  const count = fields.count(experts.count), topK = fields.count(perToken);
  if (topK > count) fields.refuse(perToken, `at most ${experts.count} (${count})`);
  return {
    experts: count,
    topK,
    expertIntermediate: fields.count(experts.intermediate),
    sharedIntermediate: experts.shared === undefined ? 0 : fields.count(experts.shared, 0),
    denseLayers: denseLayersOf(fields, layers),
    expertBias: experts.biases ?? false,
    routerBias: experts.biases ?? false,
  };
}

/** Layers without experts: those that are listed, and all but every `decoder_sparse_step`-th. */
function denseLayersOf(fields: Fields, layers: number): number {
  const listed = fields.value("mlp_only_layers");
  const step = fields.has("decoder_sparse_step") ? fields.count("decoder_sparse_step") : 1;
  let dense = 0;
  for (let layer = 0; layer < layers; layer++) {
    if ((layer + 1) % step !== 0 || Array.isArray(listed) && listed.includes(layer)) dense++;
  }
  return dense;
}

/** Precision of a `quantization_config`; bf16 where there is none. */
function storedPrecision(config: unknown, file: string): Precision {
  if (!isObject(config)) return "bf16";
  const method = config.quant_method;
  const field = "quantization_config";
  const bits = bitsOf(config);
  if (method === "mxfp4" || method === "fp8" || method === "fbgemm_fp8") {
    return method === "mxfp4" ? "mxfp4" : "fp8";
  }
  if ((method === "awq" || method === "gptq") && bits.count === 4) return method;
  if (method === "gptq" && bits.count === 8) return "int8";
  if (method === "compressed-tensors" && bits.count === 4) return "gptq";
  if (method === "compressed-tensors" && bits.count === 8) return bits.float ? "fp8" : "int8";
  throw new InputError({
    ...{ file, field, value: config },
    expected: "fp8, mxfp4, awq or gptq of 4 bits, or compressed-tensors of 4 or 8 bits",
  });
}

/** Bits of a weight, and whether it is a float: as AWQ and GPTQ say it, or compressed-tensors. */
function bitsOf(config: Json): { readonly count: unknown; readonly float: boolean } {
  const groups = isObject(config.config_groups) ? Object.values(config.config_groups) : [];
  const weights = isObject(groups[0]) && isObject(groups[0].weights) ? groups[0].weights : {};
  return {
    count: config.bits ?? config.w_bit ?? weights.num_bits,
    float: weights.type === "float",
  };
}
