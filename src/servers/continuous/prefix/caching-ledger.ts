import type { RequestSequence } from "../../policies/server-policy.ts";
import { blocksFor } from "../blocks-for.ts";
import type { KvLedger } from "../kv-ledger.ts";
import type { ServerRequests } from "../server-requests.ts";
import { walkPieces } from "./pieces-of.ts";
import { NO_HIT, type PrefixHit } from "./prefix-hit.ts";

/** A KV block of the pool. */
interface Block {
  /** Requests that hold it. */
  holders: number;
  /** Stands for all tokens up to its end; null: it is not full, or was taken anew since. */
  name: number | null;
}

/**
 * {@link KvLedger} of a server with a prefix cache, block by block, as prefix caching reference says it
 * (numbers in the comments are the rules there): the readable definition, and what the skipping core's
 * is tested against.
 */
export class CachingLedger implements KvLedger {
  /** 1: blocks that nobody holds, in the order in which they are taken. */
  #free: Block[];
  /** By name, in the order of being named. */
  readonly #found = new Map<number, Block[]>();
  readonly #held = new Map<number, Block[]>();
  readonly #names = new Map<number, number[]>();
  /** Numbers of blocks: by the block before, and their own tokens. */
  readonly #numbers = new Map<string, number>();
  /** Names of those that a front end has numbered, by its number. */
  readonly #known = new Map<number, number>();
  readonly #usable: number;
  readonly #blockSize: number;
  readonly #maxModelLen: number;
  #requests: ServerRequests;
  #hit: Block[] = [];

  constructor(
    { num_gpu_blocks, block_size, max_model_len }: {
      readonly num_gpu_blocks: number;
      readonly block_size: number;
      readonly max_model_len: number;
    },
    requests: ServerRequests,
  ) {
    this.#free = Array.from({ length: num_gpu_blocks - 1 }, () => ({ holders: 0, name: null }));
    this.#usable = this.#free.length;
    this.#blockSize = block_size;
    this.#maxModelLen = max_model_len;
    this.#requests = requests;
  }

  get free(): number {
    return this.#free.length;
  }

  grow(requests: ServerRequests): void {
    this.#requests = requests;
  }

  held(request: number): number {
    return this.#blocksOf(request).length;
  }

  lacking(request: number, tokens: number): number {
    return blocksFor(tokens, this.#blockSize) - this.held(request);
  }

  lookUp(request: number, tokens: number): Readonly<PrefixHit> {
    this.#hit = this.#find(request, tokens);
    return this.hitWithout({ items: new Int32Array(0), size: 0 });
  }

  peek(request: number, tokens: number): number {
    return this.#find(request, tokens).length;
  }

  /** 2: the longest run of full blocks from the first on; one token at least is always computed. */
  #find(request: number, tokens: number): Block[] {
    const most = Math.floor((tokens - 1) / this.#blockSize);
    const names = this.#namesOf(request);
    const found: Block[] = [];
    while (found.length < most) {
      const [first] = this.#found.get(names[found.length]) ?? [];
      if (first === undefined) break;
      found.push(first);
    }
    return found;
  }

  /** 4: blocks that are hit leave the queue first. */
  takeCached(request: number): void {
    const held = this.#blocksOf(request);
    for (const block of this.#hit) {
      if (block.holders === 0) this.#free.splice(this.#free.indexOf(block), 1);
      block.holders++;
      held.push(block);
    }
  }

  /** 4: the head of the queue is taken, and loses its name. */
  take(request: number, blocks: number): void {
    const held = this.#blocksOf(request);
    for (const block of this.#free.splice(0, blocks)) {
      if (block.name !== null) {
        const same = this.#found.get(block.name)!;
        same.splice(same.indexOf(block), 1);
        block.name = null;
      }
      block.holders = 1;
      held.push(block);
    }
  }

  /** 5: full blocks can be found from the step on that computes them. */
  name(request: number, tokens: number): void {
    const full = Math.floor(tokens / this.#blockSize);
    const held = this.#blocksOf(request);
    // The last one tells: blocks get their names one after the other.
    if (full === 0 || held[full - 1].name !== null) return;
    const names = this.#namesOf(request);
    for (let i = 0; i < full; i++) {
      if (held[i].name !== null) continue;
      held[i].name = names[i];
      const same = this.#found.get(names[i]);
      if (same === undefined) this.#found.set(names[i], [held[i]]);
      else same.push(held[i]);
    }
  }

  /** 6: last block first; those without a name to the front of the queue, the others to its end. */
  release(request: number): void {
    const left = this.#blocksOf(request).toReversed().filter((block) => --block.holders === 0);
    this.#free = [
      ...left.filter(({ name }) => name === null),
      ...this.#free,
      ...left.filter(({ name }) => name !== null),
    ];
    this.#held.delete(request);
  }

  freeWithout(requests: RequestSequence): number {
    const given = this.#holdersAmong(requests);
    let free = this.#free.length;
    for (const [block, holders] of given) if (block.holders === holders) free++;
    return free;
  }

  hitWithout(requests: RequestSequence): Readonly<PrefixHit> {
    const given = this.#holdersAmong(requests);
    const free = this.#hit.filter((block) => block.holders === (given.get(block) ?? 0));
    return this.#hit.length === 0 ? NO_HIT : { blocks: this.#hit.length, free: free.length };
  }

  finds(number: number): boolean {
    const name = this.#known.get(number);
    return name !== undefined && (this.#found.get(name) ?? []).length > 0;
  }

  reset(): boolean {
    if (this.#free.length < this.#usable) return false;
    for (const block of this.#free) block.name = null;
    this.#found.clear();
    return true;
  }

  #holdersAmong({ items, size }: RequestSequence): Map<Block, number> {
    const holders = new Map<Block, number>();
    for (const request of items.subarray(0, size)) {
      for (const block of this.#blocksOf(request)) {
        holders.set(block, (holders.get(block) ?? 0) + 1);
      }
    }
    return holders;
  }

  #blocksOf(request: number): Block[] {
    let held = this.#held.get(request);
    if (held === undefined) this.#held.set(request, held = []);
    return held;
  }

  /** Names of all blocks that `request` can ever fill: each stands for all tokens up to its end. */
  #namesOf(request: number): number[] {
    let names = this.#names.get(request);
    if (names === undefined) this.#names.set(request, names = this.#nameBlocks(request));
    return names;
  }

  #nameBlocks(request: number): number[] {
    const { promptTokens, outputTokens, content, identity } = this.#requests;
    const prompt = promptTokens[request], size = this.#blockSize;
    const answer = Math.max(0, Math.min(outputTokens[request], this.#maxModelLen - prompt));
    const tokens: string[] = [];
    if (content !== undefined) {
      walkPieces(content, request, { prompt, answer }, (text, from, length) => {
        for (let i = 0; i < length; i++) tokens.push(`${text}.${from + i}`);
      });
    }
    while (tokens.length < prompt + answer) tokens.push(`own${request}.${tokens.length}`);
    const known = new Int32Array(identity?.shared(request) ?? 0);
    identity?.copy(request, known);
    const names: number[] = [];
    for (let i = 0; (i + 1) * size <= tokens.length; i++) {
      const block = i < known.length ? `known${known[i]}` : tokens.slice(i * size, (i + 1) * size);
      const text = `${i === 0 ? "" : names[i - 1]}|${block}`;
      let number = this.#numbers.get(text);
      if (number === undefined) this.#numbers.set(text, number = this.#numbers.size);
      if (i < known.length) this.#known.set(known[i], number);
      names.push(number);
    }
    return names;
  }
}
