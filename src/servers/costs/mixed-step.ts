/** What a step-cost model needs to know of a step with prompt tokens in it. */
export interface MixedLoad {
  /** Sequences that decode, and the tokens of context that they attend to together. */
  readonly decoding: number;
  readonly context: number;
  /** Sequences that prefill, and their tokens in the step. */
  readonly prefilling: number;
  readonly prefillTokens: number;
  /** Pairs of a prompt token and a token that it attends to, each chunk's past included. */
  readonly prefillPairs: number;
  /** Tokens of the longest of the prompts' chunks. */
  readonly longestChunk: number;
  /** Sequences that get a token by the step. */
  readonly sampled: number;
}

/**
 * What reading the KV of decoding sequences costs beside prompt tokens, as a multiple of what it
 * costs without any. FlashAttention 2 packs the query heads that share a KV head into one tile only
 * where every sequence has one query. In a mixed step each query head walks the KV for itself, in
 * tiles of 64 rows of which one is used: arithmetic that a packed step hides. Of the walks after the
 * first, those miss the L2 whose KV has been pushed out since.
 *
 *     m = 1 + perMiss·max(0, 1 − cacheTokens / c)·min(1, b / multiprocessors)
 *     factor = max(m, arithmetic) + (1 − overlap)·min(m, arithmetic), `most` at most
 *
 * Kernels that pack in every step have no arithmetic and no misses: factor 1.
 */
export interface MixedKvFactor {
  /** Seconds of that arithmetic for each second of reading. */
  readonly arithmetic: number;
  readonly overlap: number;
  readonly perMiss: number;
  /** Tokens of context whose KV of one head fills the L2. */
  readonly cacheTokens: number;
  readonly multiprocessors: number;
  /** At most. */
  readonly most: number;
}

/** A factor of 1 at any load. */
export const PACKED: MixedKvFactor = {
  arithmetic: 0,
  overlap: 1,
  perMiss: 0,
  cacheTokens: Infinity,
  multiprocessors: 1,
  most: 1,
};

/**
 * Cost of a step with at least one prompt token, by what the GPU and the host do in it. Seconds.
 *
 *     gpu   = fixed + max(W, C) + (1 − overlap)·min(W, C) + KV + A + T + n·perToken + s·perSample
 *     W     = weights[n]
 *     C     = t·perPromptToken + b·perDecodeToken + s·perSampledRow
 *     KV    = factor·(b·perDecode + c·perContextToken)
 *     A     = q·perPair + min(q, t·window)·perWindowPair
 *     T     = (b + m)·⌈longest / 64⌉·perTile
 *     host  = hostSeconds + tail
 *
 * for b decoding sequences with c tokens of context, m that prefill t tokens (n = b + t), q pairs of a
 * prompt token and a token that it attends to, s sequences that get a token by it, `longest` the most
 * tokens of one prompt in it. Such a step is never repeated, so it may be any function of its load.
 *
 * The host works on it from the moment when it is planned, also while the step before still runs. Its
 * kernels can begin when it is prepared, and end no sooner than the last of them is launched, and what
 * comes after that one on the GPU.
 */
export interface MixedStepCost {
  /** Host: all of it, and the part before the first kernel. */
  readonly hostSeconds: number;
  readonly prepareSeconds: number;
  readonly preparePerSequence: number;
  /** GPU: from the last launch to the end. */
  readonly tailSeconds: number;
  readonly fixedSeconds: number;
  /** Reading the weights, by the number of tokens in the step; the last entry stands for all beyond. */
  readonly weights: Float64Array;
  /** Multiplying: a prompt's token and a decoded one in the layers, a sampled row in the head. */
  readonly perPromptToken: number;
  readonly perDecodeToken: number;
  readonly perSampledRow: number;
  /** Share of the shorter of reading and multiplying that hides behind the longer. */
  readonly overlap: number;
  /** KV of a decoding sequence whatever its context (full windows), and of a token of context. */
  readonly perDecode: number;
  readonly perContextToken: number;
  readonly kvFactor: MixedKvFactor;
  /** Attention of prompts: in layers that see all, and in those that slide. */
  readonly perPair: number;
  readonly perWindowPair: number;
  /** Tokens that a sliding layer looks back over. */
  readonly window: number;
  /** Tiles of attention that find nothing to do: there are as many for each as the longest needs. */
  readonly perTile: number;
  /** Sending a token's vector between cards. */
  readonly perToken: number;
  /** Sampler, for each sequence that gets a token. */
  readonly perSample: number;
}

/** Rows of queries that one tile of an attention kernel covers. */
export const TILE_ROWS = 64;

/** What the KV of the decoding sequences costs, as a multiple. */
export function kvFactorOf(factor: MixedKvFactor, decoding: number, context: number): number {
  const { arithmetic, perMiss, cacheTokens, multiprocessors } = factor;
  const missing = context > cacheTokens ? 1 - cacheTokens / context : 0;
  const crowded = decoding < multiprocessors ? decoding / multiprocessors : 1;
  const read = 1 + perMiss * missing * crowded;
  const longer = read > arithmetic ? read : arithmetic;
  const found = longer + (1 - factor.overlap) * (read + arithmetic - longer);
  return found < factor.most ? found : factor.most;
}

/** Prices steps. The result is a field: a number that crosses a call may cost an allocation. */
export class MixedPrice {
  /** Seconds that the GPU computes the step; set by {@link price}. */
  gpuSeconds = 0;
  readonly cost: MixedStepCost;

  constructor(cost: MixedStepCost) {
    this.cost = cost;
  }

  price(load: MixedLoad): void {
    const { cost } = this, { weights } = cost;
    const { decoding, context, prefillTokens, prefillPairs, sampled } = load;
    const tokens = decoding + prefillTokens;
    const reading = weights[tokens < weights.length ? tokens : weights.length - 1];
    const multiplying = cost.perPromptToken * prefillTokens + cost.perDecodeToken * decoding +
      cost.perSampledRow * sampled;
    const longer = reading > multiplying ? reading : multiplying;
    const windowed = cost.window * prefillTokens;
    this.gpuSeconds = cost.fixedSeconds +
      longer + (1 - cost.overlap) * (reading + multiplying - longer) +
      kvFactorOf(cost.kvFactor, decoding, context) *
        (cost.perDecode * decoding + cost.perContextToken * context) +
      cost.perPair * prefillPairs +
      cost.perWindowPair * (prefillPairs < windowed ? prefillPairs : windowed) +
      cost.perTile * (decoding + load.prefilling) * Math.ceil(load.longestChunk / TILE_ROWS) +
      cost.perToken * tokens +
      cost.perSample * sampled;
  }

  /** Seconds of a step that no other runs beside: prepared, then computed, or launched to its end. */
  secondsAlone(load: MixedLoad): number {
    this.price(load);
    const { cost } = this;
    return Math.max(
      cost.prepareSeconds + cost.preparePerSequence * (load.decoding + load.prefilling) +
        this.gpuSeconds,
      cost.hostSeconds + cost.tailSeconds,
    );
  }
}

/** The same where reading weights, reading KV and arithmetic take so many times as long. */
export function mixedParts(
  cost: MixedStepCost,
  { weights, context, arithmetic }: {
    readonly weights: number;
    readonly context: number;
    readonly arithmetic: number;
  },
): MixedStepCost {
  return {
    ...cost,
    weights: cost.weights.map((seconds) => weights * seconds),
    perDecode: context * cost.perDecode,
    perContextToken: context * cost.perContextToken,
    perPromptToken: arithmetic * cost.perPromptToken,
    perDecodeToken: arithmetic * cost.perDecodeToken,
    perSampledRow: arithmetic * cost.perSampledRow,
    perPair: arithmetic * cost.perPair,
    perWindowPair: arithmetic * cost.perWindowPair,
    perTile: arithmetic * cost.perTile,
  };
}

/** The same on a machine whose GPU and host take `factor` times as long. */
export function mixedTimes(cost: MixedStepCost, factor: number): MixedStepCost {
  return {
    ...mixedParts(cost, { weights: factor, context: factor, arithmetic: factor }),
    hostSeconds: factor * cost.hostSeconds,
    prepareSeconds: factor * cost.prepareSeconds,
    preparePerSequence: factor * cost.preparePerSequence,
    tailSeconds: factor * cost.tailSeconds,
    fixedSeconds: factor * cost.fixedSeconds,
    perToken: factor * cost.perToken,
    perSample: factor * cost.perSample,
  };
}
