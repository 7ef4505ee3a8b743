import { widened } from "../../collections/widened.ts";

/**
 * What an event of the stream carried. `content`: anything that the model made, or a token that has no
 * text. `role`: only a role; `empty`: nothing, or only why the answer ended; `usage`: no choice. The
 * order is that of the codes in journals.
 */
export const CHUNK_KINDS = ["content", "role", "usage", "empty"] as const;
export type ChunkKind = (typeof CHUNK_KINDS)[number];

/** Gap that stands for itself and everything longer: 71.6 minutes between two events. */
const LONGEST_GAP = 2 ** 32 - 1;

/**
 * When each event of one stream came, compactly: the first one's instant, then the gaps between
 * neighbours in whole microseconds. Gaps are differences of rounded instants, so that errors don't
 * add up: each instant is within 0.5 µs. Shape (events) but `gaps`, which has one less.
 */
export interface ChunkTimes {
  readonly size: number;
  /** Seconds on the run's clock at which the first event came; NaN without events. */
  readonly first: number;
  /** Shape (size − 1), microseconds since the event before; 2³² − 1 for that and more. */
  readonly gaps: Uint32Array;
  /** Codes index {@link CHUNK_KINDS}: all but `content` hold no token. */
  readonly kinds: Uint8Array;
  /**
   * Tokens that each event carried, by the server's running count of the answer
   * (`continuous_usage_stats`) or its token ids; null where it gave neither. One event is not one
   * token: a busy server merges them.
   */
  readonly tokens: Int32Array | null;
}

/** Instants of the events in seconds on the run's clock. Shape (size). */
export function chunkInstants(chunks: ChunkTimes): Float64Array {
  const instants = new Float64Array(chunks.size);
  let micros = 0;
  for (let i = 0; i < chunks.size; i++) {
    if (i > 0) micros += chunks.gaps[i - 1];
    instants[i] = chunks.first + micros / 1e6;
  }
  return instants;
}

/** Notes the events of one stream as they come. */
export class ChunkRecorder {
  #first = NaN;
  #last = 0;
  #size = 0;
  #counted = true;
  #gaps = new Uint32Array(64);
  #kinds = new Uint8Array(64);
  #tokens = new Int32Array(64);

  /** Sum of the tokens told. */
  get tokens(): number {
    return this.#tokens.subarray(0, this.#size).reduce((sum, tokens) => sum + tokens, 0);
  }

  /**
   * @param instant seconds on the run's clock, not before the event before
   * @param tokens tokens it carried, or null if the server did not say
   */
  add(instant: number, kind: ChunkKind, tokens: number | null): void {
    if (this.#size === this.#kinds.length) this.#grow();
    if (this.#size === 0) this.#first = instant;
    const micros = Math.max(this.#last, Math.round((instant - this.#first) * 1e6));
    if (this.#size > 0) this.#gaps[this.#size - 1] = Math.min(micros - this.#last, LONGEST_GAP);
    this.#kinds[this.#size] = CHUNK_KINDS.indexOf(kind);
    this.#tokens[this.#size] = tokens ?? 0;
    if (tokens === null) this.#counted = false;
    this.#last = micros;
    this.#size++;
  }

  /** @param counted whether what was told of tokens is to be believed @default true */
  finish(counted = true): ChunkTimes {
    return {
      size: this.#size,
      first: this.#first,
      gaps: this.#gaps.slice(0, Math.max(0, this.#size - 1)),
      kinds: this.#kinds.slice(0, this.#size),
      tokens: counted && this.#counted ? this.#tokens.slice(0, this.#size) : null,
    };
  }

  #grow(): void {
    const size = this.#kinds.length * 2;
    this.#gaps = widened(this.#gaps, size);
    this.#kinds = widened(this.#kinds, size);
    this.#tokens = widened(this.#tokens, size);
  }
}
