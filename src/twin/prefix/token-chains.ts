import type { BlockIdentity } from "../../servers/continuous/prefix/block-identity.ts";

/** Blocks known before anybody looks for those that can be forgotten. */
const FEW = 1024;

/** A full KV block. */
interface Block {
  readonly number: number;
  /** The block before it; null: it is a first block. */
  readonly parent: Block | null;
  readonly key: string;
  /** Blocks known that follow it. */
  children: number;
  /** Open requests that it is of. */
  carriers: number;
}

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
 * 10). Exact: the tokens are compared, no hash stands for them.
 *
 * A number is given to another block once no open request has its block and the cache holds none: there
 * are never more than about twice the numbers in use.
 */
export class TokenChains implements BlockIdentity {
  readonly sharesAnswers = true;
  readonly #blockSize: number;
  readonly #isCached: (number: number) => boolean;
  /** By the number of the block before, and the block's own tokens; those before others come first. */
  readonly #blocks = new Map<string, Block>();
  readonly #carried = new Map<number, readonly Block[]>();
  /** Numbers to be given again, and the next that never was. */
  readonly #returned: number[] = [];
  #next = 0;
  #sweepAt = FEW;

  /**
   * @param blockSize tokens of KV in a block
   * @param isCached whether the cache holds a block of a number
   */
  constructor(blockSize: number, isCached: (number: number) => boolean) {
    this.#blockSize = blockSize;
    this.#isCached = isCached;
  }

  /** Numbers given so far, in use or not. */
  get numbers(): number {
    return this.#next;
  }

  /** Tells what `request`, which is about to be submitted, consists of. */
  open(request: number, { prompt, answer, salt }: ChainTokens): void {
    if (this.#blocks.size >= this.#sweepAt) this.#sweep();
    const size = this.#blockSize;
    const count = Math.floor((prompt.length + answer.length) / size);
    const blocks: Block[] = [];
    const key = new Uint16Array(2 * (1 + size));
    let parent: Block | null = null;
    for (let i = 0; i < count; i++) {
      put(key, 0, parent === null ? 0 : parent.number + 1);
      for (let j = 0; j < size; j++) {
        const at = i * size + j;
        put(key, 1 + j, at < prompt.length ? prompt[at] : answer[at - prompt.length]);
      }
      const text: string = textOf(key) + (i === 0 ? salt ?? "" : "");
      const block: Block = this.#blocks.get(text) ?? this.#make(text, parent);
      block.carriers++;
      blocks.push(block);
      parent = block;
    }
    this.#carried.set(request, blocks);
  }

  /** `request` has ended. */
  close(request: number): void {
    for (const block of this.#carried.get(request) ?? []) block.carriers--;
    this.#carried.delete(request);
  }

  shared(request: number): number {
    return this.#carried.get(request)?.length ?? 0;
  }

  copy(request: number, into: Int32Array): void {
    const blocks = this.#carried.get(request) ?? [];
    for (let i = 0; i < blocks.length; i++) into[i] = blocks[i].number;
  }

  #make(key: string, parent: Block | null): Block {
    const number = this.#returned.pop() ?? this.#next++;
    const block = { number, parent, key, children: 0, carriers: 0 };
    this.#blocks.set(key, block);
    if (parent !== null) parent.children++;
    return block;
  }

  /** Forgets blocks that nobody can ask for any more, the last ones of a chain first. */
  #sweep(): void {
    for (const block of [...this.#blocks.values()].reverse()) {
      const { number, parent, key, children, carriers } = block;
      if (carriers > 0 || children > 0 || this.#isCached(number)) continue;
      this.#blocks.delete(key);
      this.#returned.push(number);
      if (parent !== null) parent.children--;
    }
    this.#sweepAt = Math.max(FEW, 2 * this.#blocks.size);
  }
}

/** Units of a text made at once: a call takes only so many arguments. */
const AT_ONCE = 8192;

function textOf(units: Uint16Array): string {
  let text = "";
  for (let i = 0; i < units.length; i += AT_ONCE) {
    text += String.fromCharCode(...units.subarray(i, i + AT_ONCE));
  }
  return text;
}

/** Writes a whole number of 32 bits as two of 16. */
function put(into: Uint16Array, place: number, value: number): void {
  into[2 * place] = value;
  into[2 * place + 1] = value >>> 16;
}
