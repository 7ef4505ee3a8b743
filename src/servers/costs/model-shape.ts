/** Layers whose MLP is a choice among experts. */
export interface MixtureOfExperts {
  /** Experts of a layer, and how many of them a token goes through. */
  readonly experts: number;
  readonly topK: number;
  /** Inner width of one expert. */
  readonly expertIntermediate: number;
  /** Inner width of the experts that every token goes through, together. 0: none. */
  readonly sharedIntermediate: number;
  /** Layers with an ordinary MLP of `intermediate` instead. */
  readonly denseLayers: number;
  readonly expertBias: boolean;
  readonly routerBias: boolean;
}

/** Sizes of a decoder-only transformer, from its config.json. */
export interface ModelShape {
  readonly name: string;
  readonly layers: number;
  readonly hidden: number;
  /** Inner width of the MLP; unused where every layer has experts. */
  readonly intermediate: number;
  readonly heads: number;
  readonly kvHeads: number;
  readonly headDim: number;
  readonly vocabulary: number;
  /** Whether the output head is the embedding. */
  readonly tiedEmbeddings: boolean;
  /** Biases of the query, key and value projections, and of the output projection. */
  readonly qkvBias: boolean;
  readonly outputBias: boolean;
  /** Norms of queries and keys: one weight a head's dimension, or one a value. */
  readonly qkNorm: "head" | "full" | null;
  readonly normsPerLayer: number;
  /** Whether the MLP has a gate: three matrices instead of two. */
  readonly gatedMlp: boolean;
  /** One learned sink a head. */
  readonly attentionSinks: boolean;
  /** Tokens that a sliding layer looks back over, its own counted; null: every layer sees all. */
  readonly slidingWindow: number | null;
  /** Layers that slide. */
  readonly slidingLayers: number;
  readonly moe: MixtureOfExperts | null;
  /** Tokens of prompt and answer together at most, as the model was made. */
  readonly maxPositionEmbeddings: number;
  /** Type of the weights, and of KV entries unless a flag says otherwise. */
  readonly dtype: "bfloat16" | "float16" | "float32";
  /** Bytes of one value of that type. */
  readonly bytesPerValue: number;
  readonly source: string;
}

/** Weights of the attention projections of one layer. */
export function attentionParameters(model: ModelShape): number {
  const { hidden, heads, kvHeads, headDim } = model;
  return 2 * hidden * heads * headDim + 2 * hidden * kvHeads * headDim;
}

/** Weights of an MLP of the given inner width: with a gate three matrices, else two. */
function mlpParameters({ hidden, gatedMlp }: ModelShape, width: number): number {
  return (gatedMlp ? 3 : 2) * hidden * width;
}

/** Layers with experts; 0 for a dense model. */
export function expertLayers({ layers, moe }: ModelShape): number {
  return moe === null ? 0 : layers - moe.denseLayers;
}

/** Weights of one expert of one layer, biases left out. */
export function expertParameters(model: ModelShape): number {
  return model.moe === null ? 0 : mlpParameters(model, model.moe.expertIntermediate);
}

/** Weights of all blocks' linear layers that every token goes through: all but the experts. */
export function commonLinearParameters(model: ModelShape): number {
  const { layers, hidden, moe } = model;
  const withExperts = expertLayers(model);
  const attention = layers * attentionParameters(model);
  const dense = (layers - withExperts) * mlpParameters(model, model.intermediate);
  if (moe === null) return attention + dense;
  const shared = mlpParameters(model, moe.sharedIntermediate) + hidden * moe.experts;
  return attention + dense + withExperts * shared;
}

/** Weights of the linear layers of all blocks: attention projections and MLPs, every expert. */
export function linearParameters(model: ModelShape): number {
  return commonLinearParameters(model) +
    expertLayers(model) * (model.moe?.experts ?? 0) * expertParameters(model);
}

/** Weights of the blocks' linear layers that one token is multiplied with: topK experts a layer. */
export function activeLinearParameters(model: ModelShape): number {
  return commonLinearParameters(model) +
    expertLayers(model) * (model.moe?.topK ?? 0) * expertParameters(model);
}

/** Weights of the output head, read once per step that samples. */
export function headParameters(model: ModelShape): number {
  return model.hidden * model.vocabulary;
}

/** Norms, biases and sinks: small, never quantised, and copied to every rank. */
export function smallParameters(model: ModelShape, expertsCounted = model.moe?.experts ?? 0) {
  const { layers, hidden, heads, kvHeads, headDim, qkNorm, moe } = model;
  let perLayer = model.normsPerLayer * hidden;
  if (model.qkvBias) perLayer += (heads + 2 * kvHeads) * headDim;
  if (model.outputBias) perLayer += hidden;
  if (qkNorm === "head") perLayer += 2 * headDim;
  if (qkNorm === "full") perLayer += (heads + kvHeads) * headDim;
  if (model.attentionSinks) perLayer += heads;
  let perExpertLayer = 0;
  if (moe?.expertBias) perExpertLayer += expertsCounted * (2 * moe.expertIntermediate + hidden);
  if (moe?.routerBias) perExpertLayer += moe.experts;
  return layers * perLayer + expertLayers(model) * perExpertLayer + hidden;
}

/** Parameters of the model, as its checkpoint's size gives them. */
export function parameterCount(model: ModelShape): number {
  const embeddings = (model.tiedEmbeddings ? 1 : 2) * headParameters(model);
  return linearParameters(model) + embeddings + smallParameters(model);
}

/** Parameters that take part in one token, embedding and head included. */
export function activeParameterCount(model: ModelShape): number {
  const embeddings = (model.tiedEmbeddings ? 1 : 2) * headParameters(model);
  return activeLinearParameters(model) + embeddings + smallParameters(model, model.moe?.topK);
}

/** KV heads that one of `tensorParallel` ranks holds: with more ranks than heads, each one. */
export function kvHeadsOfRank({ kvHeads }: ModelShape, tensorParallel = 1): number {
  return Math.max(1, Math.ceil(kvHeads / tensorParallel));
}

/** How KV is stored, and over how many cards. */
export interface KvStorage {
  /** Bytes of one entry. @default the model's own, 2 for bf16; 1 for fp8 */
  readonly bytesPerValue?: number;
  /** Ranks that share a layer's heads. The result is one rank's. @default 1 */
  readonly tensorParallel?: number;
}

/** Bytes of KV that one layer holds of one token, on one rank. */
export function kvBytesPerLayerToken(model: ModelShape, storage: KvStorage = {}): number {
  const { bytesPerValue = model.bytesPerValue, tensorParallel = 1 } = storage;
  return 2 * kvHeadsOfRank(model, tensorParallel) * model.headDim * bytesPerValue;
}

/** Bytes of KV cache per token of context, over all layers as if none slid, on one rank. */
export function kvBytesPerToken(model: ModelShape, storage?: KvStorage): number {
  return model.layers * kvBytesPerLayerToken(model, storage);
}

/**
 * Bytes of KV that a decoding sequence with `context` tokens reads in a step, on one rank. A sliding
 * layer reads min(context, window) tokens.
 */
export function kvBytesRead(model: ModelShape, context: number, storage?: KvStorage): number {
  const { layers, slidingLayers, slidingWindow } = model;
  const slid = slidingLayers * Math.min(context, slidingWindow ?? Infinity);
  return ((layers - slidingLayers) * context + slid) * kvBytesPerLayerToken(model, storage);
}
