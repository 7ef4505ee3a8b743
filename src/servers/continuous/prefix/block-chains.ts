import { widened } from "../../../collections/widened.ts";
import type { PromptContent } from "../../../workload/prompt-content.ts";
import type { RequestLengths } from "../server-requests.ts";
import type { BlockIdentity } from "./block-identity.ts";
import { PairNumbers } from "./pair-numbers.ts";
import { walkPieces } from "./pieces-of.ts";

/** The parent of first blocks. */
const ROOT = 0;
const NO_PART = 0;

/** What a server says of the blocks that it keeps. */
interface Blocks {
  /** Tokens of KV in a block. */
  readonly blockSize: number;
  /** Tokens of a sequence at most. */
  readonly maxModelLen: number;
}

/** What chains were made of, and the chains. */
interface Made extends Blocks {
  readonly promptTokens: Int32Array;
  readonly outputTokens: Int32Array;
  readonly chains: BlockChains;
}

const MADE = new WeakMap<PromptContent, Made>();

/**
 * The identity of blocks by what prompts and answers consist of. Blocks that follow each other within
 * one text make a track: the same parent and the same place in the same text are the same track, so
 * what is looked up is a few tracks a request, not each of its blocks. A block in which texts meet is a
 * track of one block. Tracks that a single request takes get no numbers.
 */
export class BlockChains implements BlockIdentity {
  readonly sharesAnswers: boolean;
  /** By request: its runs are `#runs[i]` to `#runs[i + 1]`. */
  readonly #runs: Int32Array;
  /** By run: number of its first block, and how many blocks. */
  readonly #first: Int32Array;
  readonly #blocks: Int32Array;
  readonly #shared: Int32Array;

  constructor(content: PromptContent, lengths: RequestLengths, { blockSize, maxModelLen }: Blocks) {
    const { promptTokens, outputTokens } = lengths;
    const count = content.offsets.length - 1;
    const tracks = new TrackTable();
    const runs = new Int32Array(count + 1);
    let track: Int32Array = new Int32Array(1024), blocks: Int32Array = new Int32Array(1024);
    let size = 0;
    const push = (which: number, length: number) => {
      if (size === track.length) {
        track = widened(track, 2 * size);
        blocks = widened(blocks, 2 * size);
      }
      track[size] = which;
      blocks[size++] = length;
    };
    const walker = new ChainWalker(tracks, blockSize, push);
    for (let request = 0; request < count; request++) {
      const prompt = promptTokens[request];
      const answer = Math.max(0, Math.min(outputTokens[request], maxModelLen - prompt));
      walker.restart();
      walkPieces(content, request, { prompt, answer }, walker.visit);
      runs[request + 1] = size;
    }
    const first = tracks.numberBlocks();
    this.#runs = runs;
    this.#blocks = blocks.subarray(0, size);
    this.#first = track.subarray(0, size).map((which) => first[which]);
    this.#shared = Int32Array.from({ length: count }, (_, request) => {
      let sum = 0;
      for (let run = runs[request]; run < runs[request + 1] && this.#first[run] >= 0; run++) {
        sum += this.#blocks[run];
      }
      return sum;
    });
    this.sharesAnswers = promptsHoldAnswers(content);
  }

  /** The chains of a workload; made once for each that comes with the same columns. */
  static of(content: PromptContent, lengths: RequestLengths, blocks: Blocks): BlockChains {
    const { promptTokens, outputTokens } = lengths;
    const { blockSize, maxModelLen } = blocks;
    const known = MADE.get(content);
    if (
      known !== undefined && known.blockSize === blockSize && known.maxModelLen === maxModelLen &&
      known.promptTokens === promptTokens && known.outputTokens === outputTokens
    ) return known.chains;
    const chains = new BlockChains(content, lengths, blocks);
    MADE.set(content, { blockSize, maxModelLen, promptTokens, outputTokens, chains });
    return chains;
  }

  shared(request: number): number {
    return request < this.#shared.length ? this.#shared[request] : 0;
  }

  copy(request: number, into: Int32Array): void {
    let block = 0;
    for (let run = this.#runs[request]; run < this.#runs[request + 1]; run++) {
      const first = this.#first[run];
      if (first < 0) return;
      const count = this.#blocks[run];
      for (let i = 0; i < count; i++) into[block++] = first + i;
    }
  }
}

/** Tracks by how they begin. */
class TrackTable {
  /** Track by parent, and by the place in a text or the parts of its only block. */
  readonly #tracks = new PairNumbers();
  #users: Int32Array = new Int32Array(1024);
  #longest: Int32Array = new Int32Array(1024);

  /** The track that begins with `content` after `parent`; one more request takes `blocks` of it. */
  use(parent: number, content: number, blocks: number): number {
    const track = this.#tracks.of(parent, content);
    if (track >= this.#users.length) {
      this.#users = widened(this.#users, 2 * track);
      this.#longest = widened(this.#longest, 2 * track);
    }
    this.#users[track]++;
    if (blocks > this.#longest[track]) this.#longest[track] = blocks;
    return track;
  }

  /** Number of the first block of each track; -1 where a single request takes it. */
  numberBlocks(): Int32Array {
    let next = 0;
    return Int32Array.from({ length: this.#tracks.size }, (_, track) => {
      if (this.#users[track] < 2) return -1;
      const first = next;
      next += this.#longest[track];
      return first;
    });
  }
}

/** Cuts the stretches of a request into blocks, and finds their tracks. */
class ChainWalker {
  readonly #tracks: TrackTable;
  readonly #blockSize: number;
  readonly #push: (track: number, blocks: number) => void;
  readonly #texts = new Map<number, number>();
  /** Places within texts, other than their begin. */
  readonly #places = new PairNumbers();
  /** Parts of blocks in which texts meet, and rows of them. */
  readonly #parts = new PairNumbers();
  readonly #rows = new PairNumbers();
  /** Blocks by track and place in it: the parents of what follows. */
  readonly #blocks = new PairNumbers();
  /** Last block so far, and what the block begun consists of. */
  #parent = ROOT;
  #row = NO_PART;
  #begun = 0;

  constructor(
    tracks: TrackTable,
    blockSize: number,
    push: (track: number, blocks: number) => void,
  ) {
    this.#tracks = tracks;
    this.#blockSize = blockSize;
    this.#push = push;
  }

  restart(): void {
    this.#parent = ROOT;
    this.#row = NO_PART;
    this.#begun = 0;
  }

  readonly visit = (text: number, from: number, tokens: number): void => {
    const size = this.#blockSize;
    if (this.#begun > 0) {
      const count = Math.min(size - this.#begun, tokens);
      this.#add(text, from, count);
      if (this.#begun < size) return;
      // Even contents are places in texts, odd ones rows of parts.
      this.#take(2 * this.#row + 1, 1);
      this.#row = NO_PART;
      this.#begun = 0;
      from += count;
      tokens -= count;
    }
    const whole = Math.floor(tokens / size);
    if (whole > 0) this.#take(2 * this.#place(text, from), whole);
    const rest = tokens - whole * size;
    if (rest > 0) this.#add(text, from + whole * size, rest);
  };

  #take(content: number, blocks: number): void {
    const track = this.#tracks.use(this.#parent, content, blocks);
    this.#push(track, blocks);
    this.#parent = 1 + this.#blocks.of(track, blocks - 1);
  }

  #add(text: number, from: number, tokens: number): void {
    const part = this.#parts.of(this.#place(text, from), tokens);
    this.#row = 1 + this.#rows.of(this.#row, part);
    this.#begun += tokens;
  }

  #place(text: number, from: number): number {
    let number = this.#texts.get(text);
    if (number === undefined) this.#texts.set(text, number = this.#texts.size);
    return from === 0 ? 2 * number : 2 * this.#places.of(number, from) + 1;
  }
}

function promptsHoldAnswers({ text, answer }: PromptContent): boolean {
  if (answer === undefined) return false;
  const texts = new Set(text);
  return answer.some((each) => each >= 0 && texts.has(each));
}
