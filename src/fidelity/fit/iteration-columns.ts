import type { IterationLine } from "./iteration-line.ts";

/** Iterations that are kept or left out together: what depends on the step before needs neighbours. */
export const BLOCK = 512;

const COLUMNS = [
  "contextRequests",
  "contextTokens",
  "generationRequests",
  "generationTokens",
  "seconds",
  "kvUsage",
  "printedAt",
] as const;
type Column = typeof COLUMNS[number];

interface Block {
  readonly index: number;
  readonly values: Readonly<Record<Column, Float64Array>>;
  /** 1 where the iteration before is the row before. */
  readonly follows: Uint8Array;
  size: number;
}

/**
 * Iterations of one engine since its start, as its log prints them. Keeps every `stride`-th block
 * of {@link BLOCK} iterations, the first among them; so a log of any length fits.
 */
export class IterationColumns {
  #blocks: Block[] = [];
  #stride: number;
  /** Iterations that were pushed. */
  read = 0;
  /** Iterations that are kept. */
  kept = 0;
  /** Number of the last iteration, and the requests in it. */
  last = -1;
  lastRequests = 0;
  #first = -1;
  /** First and last line. */
  readonly firstLine: number;
  lastLine: number;
  /** Iterations without any request: an engine that keeps step with others while it is idle. */
  idle = 0;
  #afterIdle = false;

  constructor(readonly engine: string, line: number, stride: number) {
    this.firstLine = this.lastLine = line;
    this.#stride = stride;
  }

  /** Numbers go up, unless all are the same and say nothing. */
  mayContinueWith(number: number): boolean {
    return number > this.last || number === this.last && number === this.#first;
  }

  /** Takes the next iteration; true where it is kept. */
  push(iteration: IterationLine, line: number): boolean {
    if (this.#first < 0) this.#first = iteration.number;
    const follows = iteration.number - this.last <= 1 && !this.#afterIdle;
    this.last = iteration.number;
    this.lastRequests = iteration.contextRequests + iteration.generationRequests;
    this.lastLine = line;
    this.#afterIdle = this.lastRequests === 0;
    if (this.#afterIdle) {
      this.idle++;
      return false;
    }
    const index = Math.floor(this.read / BLOCK);
    const at = this.read % BLOCK;
    this.read++;
    if (index % this.#stride !== 0) return false;
    let block = this.#blocks[this.#blocks.length - 1];
    if (block?.index !== index) {
      const values = Object.fromEntries(COLUMNS.map((name) => [name, new Float64Array(BLOCK)]));
      block = { index, values: values as Block["values"], follows: new Uint8Array(BLOCK), size: 0 };
      this.#blocks.push(block);
    }
    for (const name of COLUMNS) block.values[name][at] = iteration[name];
    const neighbour = at > 0 || this.#blocks[this.#blocks.length - 2]?.index === index - 1;
    block.follows[at] = follows && neighbour ? 1 : 0;
    block.size++;
    this.kept++;
    return true;
  }

  /** Lets go of blocks until every `stride`-th is left. Returns how many iterations went. */
  thin(stride: number): number {
    this.#stride = stride;
    const blocks = this.#blocks.filter(({ index }) => index % stride === 0);
    blocks.forEach((block, i) => {
      if (blocks[i - 1]?.index !== block.index - 1) block.follows[0] = 0;
    });
    const before = this.kept;
    this.#blocks = blocks;
    this.kept = blocks.reduce((sum, { size }) => sum + size, 0);
    return before - this.kept;
  }

  /** A column of what is kept. Shape (kept). */
  column(name: Column): Float64Array {
    const all = new Float64Array(this.kept);
    let at = 0;
    for (const { values, size } of this.#blocks) {
      all.set(values[name].subarray(0, size), at);
      at += size;
    }
    return all;
  }

  /** Shape (kept): 1 where the iteration before is the row before. */
  follows(): Uint8Array {
    const all = new Uint8Array(this.kept);
    let at = 0;
    for (const { follows, size } of this.#blocks) {
      all.set(follows.subarray(0, size), at);
      at += size;
    }
    return all;
  }
}
