import { widened } from "../../collections/widened.ts";
import type { BlockIdentity } from "../../servers/continuous/prefix/block-identity.ts";

/** Blocks known before anybody looks for those that can be forgotten. */
const FEW = 1024;

const NONE = -1;
/** Carriers of a number that no block has. */
const UNUSED = -1;

const NOTHING = new Int32Array(0);

/** What a request's KV is computed from. */
export interface ChainTokens {
  /** Token ids of the prompt and of the answer. */
  readonly prompt: ArrayLike<number>;
  readonly answer: ArrayLike<number>;
  /** `cache_salt`: one more part of the first block; null: none. */
  readonly salt: string | null;
}

/**
 * The identity of KV blocks by the tokens themselves, for requests that come one after the other: a full
 * block has one number for the same tokens after the same blocks (prefix caching reference, rules 1 and
 * 10). Exact: a hash only finds blocks, their tokens are compared.
 *
 * A number is given to another block once no open request has its block and the cache holds none: there
 * are never more than about twice the numbers in use.
 */
export class TokenChains implements BlockIdentity {
  readonly sharesAnswers = true;
  readonly #blockSize: number;
  readonly #isCached: (number: number) => boolean;
  /** By open request: numbers of its blocks. */
  readonly #carried = new Map<number, Int32Array>();
  /** By hash: a block that has it. */
  readonly #byHash = new Map<number, number>();
  /** Of first blocks that have one. */
  readonly #salts = new Map<number, string>();

  // By number.
  /** From `number * blockSize` on. */
  #tokens: Int32Array;
  /** The block before it; {@link NONE}: it is a first block. */
  #parent = new Int32Array(FEW);
  /** Blocks known that follow it. */
  #children = new Int32Array(FEW);
  /** Open requests that it is of; or {@link UNUSED}. */
  #carriers = new Int32Array(FEW);
  #hash = new Int32Array(FEW);
  /** The next block of its hash, or {@link NONE}. */
  #sameHash = new Int32Array(FEW);

  /** Numbers to be given again, and the next that never was. */
  readonly #returned: number[] = [];
  #next = 0;
  #sweepAt = FEW;
  /** Tokens of the request that comes. */
  #row: Int32Array = new Int32Array(FEW);

  /**
   * @param blockSize tokens of KV in a block
   * @param isCached whether the cache holds a block of a number
   */
  constructor(blockSize: number, isCached: (number: number) => boolean) {
    this.#blockSize = blockSize;
    this.#isCached = isCached;
    this.#tokens = new Int32Array(FEW * blockSize);
  }

  /** Numbers given so far, in use or not. */
  get numbers(): number {
    return this.#next;
  }

  /** Tells what `request`, which is about to be submitted, consists of. */
  open(request: number, { prompt, answer, salt }: ChainTokens): void {
    if (this.#next - this.#returned.length >= this.#sweepAt) this.#sweep();
    const length = prompt.length + answer.length;
    if (length > this.#row.length) this.#row = new Int32Array(2 * length);
    this.#row.set(prompt);
    this.#row.set(answer, prompt.length);
    const blocks = new Int32Array(Math.floor(length / this.#blockSize));
    let parent = NONE;
    for (let i = 0; i < blocks.length; i++) {
      parent = this.#numberOf(parent, i * this.#blockSize, i === 0 ? salt : null);
      this.#carriers[parent]++;
      blocks[i] = parent;
    }
    this.#carried.set(request, blocks);
  }

  /** `request` has ended. */
  close(request: number): void {
    const blocks = this.#carried.get(request) ?? NOTHING;
    for (let i = 0; i < blocks.length; i++) this.#carriers[blocks[i]]--;
    this.#carried.delete(request);
  }

  shared(request: number): number {
    return this.#carried.get(request)?.length ?? 0;
  }

  copy(request: number, into: Int32Array): void {
    into.set(this.#carried.get(request) ?? NOTHING);
  }

  /** Number of the block after `parent` of the tokens that begin at `from` in the row. */
  #numberOf(parent: number, from: number, salt: string | null): number {
    const row = this.#row, to = from + this.#blockSize;
    let hash = parent;
    for (let i = from; i < to; i++) {
      hash = Math.imul(hash ^ row[i], 0x9e3779b1);
      hash ^= hash >>> 15;
    }
    const first = this.#byHash.get(hash) ?? NONE;
    for (let number = first; number !== NONE; number = this.#sameHash[number]) {
      if (this.#parent[number] === parent && this.#is(number, from, salt)) return number;
    }
    const number = this.#returned.pop() ?? this.#next++;
    if (number === this.#parent.length) this.#grow();
    this.#parent[number] = parent;
    this.#children[number] = this.#carriers[number] = 0;
    this.#hash[number] = hash;
    this.#sameHash[number] = first;
    this.#byHash.set(hash, number);
    this.#tokens.set(row.subarray(from, to), number * this.#blockSize);
    if (salt !== null) this.#salts.set(number, salt);
    if (parent !== NONE) this.#children[parent]++;
    return number;
  }

  #is(number: number, from: number, salt: string | null): boolean {
    const row = this.#row, tokens = this.#tokens, size = this.#blockSize;
    const start = number * size;
    for (let i = 0; i < size; i++) {
      if (tokens[start + i] !== row[from + i]) return false;
    }
    return this.#parent[number] !== NONE || (this.#salts.get(number) ?? null) === salt;
  }

  /** Forgets blocks that nobody can ask for any more, and so on up their chains. */
  #sweep(): void {
    for (let i = 0; i < this.#next; i++) {
      for (let number = i; number !== NONE && this.#isOver(number);) {
        const parent = this.#parent[number];
        this.#forget(number);
        number = parent;
      }
    }
    this.#sweepAt = Math.max(FEW, 2 * (this.#next - this.#returned.length));
  }

  #isOver(number: number): boolean {
    return this.#carriers[number] === 0 && this.#children[number] === 0 && !this.#isCached(number);
  }

  #forget(number: number): void {
    const hash = this.#hash[number], after = this.#sameHash[number];
    let other = this.#byHash.get(hash)!;
    if (other !== number) {
      while (this.#sameHash[other] !== number) other = this.#sameHash[other];
      this.#sameHash[other] = after;
    } else if (after === NONE) this.#byHash.delete(hash);
    else this.#byHash.set(hash, after);
    this.#salts.delete(number);
    const parent = this.#parent[number];
    if (parent !== NONE) this.#children[parent]--;
    this.#carriers[number] = UNUSED;
    this.#returned.push(number);
  }

  #grow(): void {
    const numbers = 2 * this.#parent.length;
    this.#tokens = widened(this.#tokens, numbers * this.#blockSize);
    this.#parent = widened(this.#parent, numbers);
    this.#children = widened(this.#children, numbers);
    this.#carriers = widened(this.#carriers, numbers);
    this.#hash = widened(this.#hash, numbers);
    this.#sameHash = widened(this.#sameHash, numbers);
  }
}
