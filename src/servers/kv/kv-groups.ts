import { kvBytesPerLayerToken, type KvStorage, type ModelShape } from "../costs/model-shape.ts";

/** How a server cuts its KV memory into blocks. */
export interface KvLayout extends KvStorage {
  /** Tokens of KV in a block. @default 16 */
  readonly blockSize?: number;
  /** Tokens of a request at most: layers whose window is not shorter than it do not slide. */
  readonly maxModelLen: number;
  /** Tokens of all steps in flight at most: what a sliding layer keeps beyond its window. */
  readonly tokensInFlight: number;
  /** Whether every layer keeps everything (`--disable-hybrid-kv-cache-manager`). @default false */
  readonly hybridDisabled?: boolean;
}

/** Groups of layers that share one pool: a block holds one group's layers of `blockSize` tokens. */
export interface KvGroups {
  /** Layers of a group; the last of a kind may be padded. */
  readonly layers: number;
  /** Groups of layers that see everything, and of layers that slide. */
  readonly full: number;
  readonly sliding: number;
  readonly blockBytes: number;
}

/**
 * Groups of a model's layers as vLLM makes them (KV sizing reference §3): as many layers a group as
 * the rarer kind has, but as many as the commoner one where that is less than 1.5 times as many.
 */
export function kvGroups(model: ModelShape, layout: KvLayout): KvGroups {
  const { blockSize = 16, maxModelLen, hybridDisabled = false } = layout;
  const slides = !hybridDisabled && model.slidingWindow !== null &&
    model.slidingWindow < maxModelLen;
  const sliding = slides ? model.slidingLayers : 0;
  const full = model.layers - sliding;
  const blockBytesOf = (layers: number) => layers * kvBytesPerLayerToken(model, layout) * blockSize;
  if (full === 0 || sliding === 0) {
    const all = { full: full === 0 ? 0 : 1, sliding: sliding === 0 ? 0 : 1 };
    return { layers: model.layers, ...all, blockBytes: blockBytesOf(model.layers) };
  }
  const fewest = Math.min(full, sliding), most = Math.max(full, sliding);
  const layers = most < 1.5 * fewest ? most : fewest;
  return {
    layers,
    full: Math.ceil(full / layers),
    sliding: Math.ceil(sliding / layers),
    blockBytes: blockBytesOf(layers),
  };
}

/** Blocks that vLLM reckons for one request of `tokens` tokens, over all groups. */
export function blocksForRequest(model: ModelShape, layout: KvLayout, tokens: number): number {
  const { blockSize = 16, tokensInFlight } = layout;
  const { full, sliding } = kvGroups(model, layout);
  const ofFull = Math.ceil(tokens / blockSize);
  const slid = Math.min((model.slidingWindow ?? 0) - 1 + tokensInFlight, tokens);
  return full * ofFull + sliding * (Math.ceil(slid / blockSize) + 1);
}

/**
 * Blocks that a request of `tokens` tokens holds while it decodes: a sliding layer has given back what
 * fell out of its window.
 */
export function blocksHeld(model: ModelShape, layout: KvLayout, tokens: number): number {
  const { blockSize = 16 } = layout;
  const { full, sliding } = kvGroups(model, layout);
  const ofFull = Math.ceil(tokens / blockSize);
  const ofWindow = Math.ceil(((model.slidingWindow ?? 0) - 1) / blockSize) + 1;
  return full * ofFull + sliding * Math.min(ofFull, ofWindow);
}

/** Blocks that fit into `bytes` of KV memory on one rank. One of them is the null block. */
export function kvBlocksIn(bytes: number, model: ModelShape, layout: KvLayout): number {
  return Math.floor(bytes / kvGroups(model, layout).blockBytes);
}

/**
 * "GPU KV cache size" as vLLM's log has it: requests of `max_model_len` that fit at once, times that
 * length. For a model of one kind of full layers that is blocks times block size; for others no
 * capacity in tokens.
 */
export function loggedKvTokens(blocks: number, model: ModelShape, layout: KvLayout): number {
  const { blockSize = 16, maxModelLen } = layout;
  if (kvGroups(model, layout).sliding === 0) return blocks * blockSize;
  return Math.floor(blocks / blocksForRequest(model, layout, maxModelLen) * maxModelLen);
}
