import { widened } from "../../collections/widened.ts";
import { blocksFor } from "./blocks-for.ts";

/**
 * Who holds how many KV blocks, by request: the stepwise core's account. One of all blocks is the
 * null block and never given away.
 */
export class KvLedger {
  /** Blocks that nobody holds. */
  free: number;
  readonly #blockSize: number;
  #held: Int32Array;

  /**
   * @param blocks all blocks, the null block among them
   * @param blockSize tokens of KV in a block
   * @param requests requests known
   */
  constructor(blocks: number, blockSize: number, requests: number) {
    this.free = blocks - 1;
    this.#blockSize = blockSize;
    this.#held = new Int32Array(requests);
  }

  /** Knows of more requests from now on. */
  grow(requests: number): void {
    this.#held = widened(this.#held, requests);
  }

  held(request: number): number {
    return this.#held[request];
  }

  /** Blocks that `request` lacks to hold `tokens` of KV. */
  lacking(request: number, tokens: number): number {
    return blocksFor(tokens, this.#blockSize) - this.#held[request];
  }

  /** Gives `request` more blocks; so many must be free. */
  take(request: number, blocks: number): void {
    this.#held[request] += blocks;
    this.free -= blocks;
  }

  /** Takes all blocks of `request` back. */
  release(request: number): void {
    this.free += this.#held[request];
    this.#held[request] = 0;
  }
}
