import { blocksFor } from "./blocks-for.ts";
import type { ServerConfig } from "./config.ts";
import type { PrefixHit } from "./prefix/prefix-hit.ts";

/** Above any prompt; whole, unlike Infinity, so that token counts stay integers to the machine. */
const NO_THRESHOLD = 2 ** 31 - 1;

/** What is left for one more: seats taken, free KV blocks, tokens of the step's budget. */
export interface AdmissionRoom {
  readonly running: number;
  readonly freeBlocks: number;
  readonly budget: number;
}

/**
 * What a waiting request needs to be admitted (vLLM reference §5.2 B): the same for every policy and
 * in both cores.
 */
export class AdmissionRule {
  readonly maxSequences: number;
  /** Tokens of one prompt in one step at most. */
  readonly threshold: number;
  readonly #chunked: boolean;
  readonly #reserve: boolean;
  readonly #maxModelLen: number;
  readonly #blockSize: number;
  readonly #watermarkBlocks: number;

  constructor(config: ServerConfig) {
    this.maxSequences = config.max_num_seqs;
    this.threshold = config.long_prefill_token_threshold || NO_THRESHOLD;
    this.#chunked = config.enable_chunked_prefill;
    this.#reserve = config.scheduler_reserve_full_isl;
    this.#maxModelLen = config.max_model_len;
    this.#blockSize = config.block_size;
    this.#watermarkBlocks = Math.trunc(config.watermark * config.num_gpu_blocks);
  }

  /** B4: tokens that a request with `tokens` to compute computes first, of `budget`; 0: it waits. */
  firstChunk(tokens: number, budget: number): number {
    const want = tokens < this.threshold ? tokens : this.threshold;
    if (want <= budget) return want;
    return this.#chunked ? budget : 0;
  }

  /**
   * B5 and B6: blocks that must be free for it while `running` sequences run. Cached blocks need not be
   * taken, but those that nobody holds are among the free ones.
   * @param tokens of the request, cached ones included
   */
  blocks(tokens: number, chunk: number, running: number, hit: Readonly<PrefixHit>): number {
    const kept = running > 0 ? this.#watermarkBlocks : 0;
    let held = hit.blocks * this.#blockSize + chunk;
    if (this.#reserve && tokens > held) {
      held = Math.max(held, tokens < this.#maxModelLen ? tokens : this.#maxModelLen);
    }
    return blocksFor(held, this.#blockSize) - hit.blocks + hit.free + kept;
  }

  /** Tokens of `tokens` that are not cached. */
  uncached(tokens: number, { blocks }: Readonly<PrefixHit>): number {
    return tokens - blocks * this.#blockSize;
  }

  /** Whether it can be admitted with so many seats taken, and so many blocks and tokens left. */
  fits(
    tokens: number,
    hit: Readonly<PrefixHit>,
    { running, freeBlocks, budget }: AdmissionRoom,
  ): boolean {
    if (running >= this.maxSequences || budget <= 0) return false;
    const chunk = this.firstChunk(this.uncached(tokens, hit), budget);
    return chunk > 0 && this.blocks(tokens, chunk, running, hit) <= freeBlocks;
  }
}
