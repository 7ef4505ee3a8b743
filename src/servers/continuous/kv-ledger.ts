import { widened } from "../../collections/widened.ts";
import type { RequestSequence } from "../policies/server-policy.ts";
import { blocksFor } from "./blocks-for.ts";
import { NO_HIT, type PrefixHit } from "./prefix/prefix-hit.ts";
import type { ServerRequests } from "./server-requests.ts";

/**
 * Who holds how many KV blocks, by request: the stepwise core's account. One of all blocks is the
 * null block and never given away.
 */
export interface KvLedger {
  /** Blocks that nobody holds. */
  readonly free: number;
  /** Knows of more requests from now on. */
  grow(requests: ServerRequests): void;
  held(request: number): number;
  /** Blocks that `request` lacks to hold `tokens` of KV. */
  lacking(request: number, tokens: number): number;
  /** Leading blocks of `request`, which holds none, that are cached; one of `tokens` stays out. */
  lookUp(request: number, tokens: number): Readonly<PrefixHit>;
  /** How many blocks a look-up would find; for policies, changes nothing. */
  peek(request: number, tokens: number): number;
  /** Gives `request` the blocks that the last look-up found. */
  takeCached(request: number): void;
  /** Gives `request` more blocks; so many must be free. */
  take(request: number, blocks: number): void;
  /** Lets the blocks be found that the first `tokens` of `request` fill. */
  name(request: number, tokens: number): void;
  /** Takes all blocks of `request` back. */
  release(request: number): void;
  /** What would be free if `requests` gave theirs back. */
  freeWithout(requests: RequestSequence): number;
  /** What the last look-up would find then: those found that nobody else holds count as free. */
  hitWithout(requests: RequestSequence): Readonly<PrefixHit>;
  /** Whether a block of that number can be found; see `BlockIdentity`. */
  finds(number: number): boolean;
  /** Forgets all that is cached, if nobody holds a block. Returns whether nobody did. */
  reset(): boolean;
}

/** {@link KvLedger} of a server without a prefix cache: blocks are only counted. */
export class CountingLedger implements KvLedger {
  free: number;
  readonly #usable: number;
  readonly #blockSize: number;
  #held: Int32Array;

  /**
   * @param blocks all blocks, the null block among them
   * @param blockSize tokens of KV in a block
   * @param requests requests known
   */
  constructor(blocks: number, blockSize: number, requests: number) {
    this.free = this.#usable = blocks - 1;
    this.#blockSize = blockSize;
    this.#held = new Int32Array(requests);
  }

  grow({ promptTokens }: Pick<ServerRequests, "promptTokens">): void {
    this.#held = widened(this.#held, promptTokens.length);
  }

  held(request: number): number {
    return this.#held[request];
  }

  lacking(request: number, tokens: number): number {
    return blocksFor(tokens, this.#blockSize) - this.#held[request];
  }

  lookUp(): Readonly<PrefixHit> {
    return NO_HIT;
  }

  peek(): number {
    return 0;
  }

  takeCached(): void {}

  take(request: number, blocks: number): void {
    this.#held[request] += blocks;
    this.free -= blocks;
  }

  name(): void {}

  release(request: number): void {
    this.free += this.#held[request];
    this.#held[request] = 0;
  }

  freeWithout({ items, size }: RequestSequence): number {
    let { free } = this;
    for (let i = 0; i < size; i++) free += this.#held[items[i]];
    return free;
  }

  hitWithout(): Readonly<PrefixHit> {
    return NO_HIT;
  }

  finds(): boolean {
    return false;
  }

  reset(): boolean {
    return this.free === this.#usable;
  }
}
