/** Sizes of a dense decoder-only transformer, from its config.json. */
export interface ModelShape {
  readonly name: string;
  readonly layers: number;
  readonly hidden: number;
  readonly intermediate: number;
  readonly heads: number;
  readonly kvHeads: number;
  readonly headDim: number;
  readonly vocabulary: number;
  /** Bytes of one weight and of one KV entry (2 for fp16 and bf16). */
  readonly bytesPerValue: number;
  readonly source: string;
}

/** The paper's model, in fp16. It has no grouped-query attention: 16 KV heads. */
export const QWEN15_1_8B_CHAT: ModelShape = {
  name: "Qwen1.5-1.8B-Chat",
  layers: 24,
  hidden: 2048,
  intermediate: 5504,
  heads: 16,
  kvHeads: 16,
  headDim: 128,
  vocabulary: 151_936,
  bytesPerValue: 2,
  source: "config.json of Qwen/Qwen1.5-1.8B-Chat",
};

/** 28 layers with grouped-query attention; the output head is the embedding, read as weights. */
export const QWEN3_1_7B: ModelShape = {
  name: "Qwen3-1.7B",
  layers: 28,
  hidden: 2048,
  intermediate: 6144,
  heads: 16,
  kvHeads: 8,
  headDim: 128,
  vocabulary: 151_936,
  bytesPerValue: 2,
  source: "config.json of Qwen/Qwen3-1.7B",
};

/** bf16; how its quantised forms are read is a kernel path. */
export const QWEN25_7B: ModelShape = {
  name: "Qwen2.5-7B",
  layers: 28,
  hidden: 3584,
  intermediate: 18_944,
  heads: 28,
  kvHeads: 4,
  headDim: 128,
  vocabulary: 152_064,
  bytesPerValue: 2,
  source: "config.json of Qwen/Qwen2.5-7B-Instruct",
};

/** By the name that a server file uses. */
export const MODELS: Readonly<Record<string, ModelShape>> = Object.fromEntries(
  [QWEN15_1_8B_CHAT, QWEN3_1_7B, QWEN25_7B].map((model) => [model.name, model]),
);

/** Weights of the linear layers of all blocks: attention projections and the gated MLP. */
export function linearParameters(model: ModelShape): number {
  const { layers, hidden, intermediate, heads, kvHeads, headDim } = model;
  const attention = 2 * hidden * heads * headDim + 2 * hidden * kvHeads * headDim;
  return layers * (attention + 3 * hidden * intermediate);
}

/** Weights of the output head, read once per step that samples. */
export function headParameters(model: ModelShape): number {
  return model.hidden * model.vocabulary;
}

/** Bytes of KV cache per token of context, over all layers. */
export function kvBytesPerToken(model: ModelShape): number {
  return model.layers * 2 * model.kvHeads * model.headDim * model.bytesPerValue;
}
