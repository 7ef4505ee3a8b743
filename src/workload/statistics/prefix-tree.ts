import { widened } from "../../collections/widened.ts";

/** Share of places of the table that are used at most. */
const FULLEST = 0.6;

/**
 * Token sequences that were seen, as a tree whose edges are stretches of texts. Made for prompts of few
 * pieces and many tokens: adding one takes a look-up a piece, whatever its length.
 */
export class PrefixTree {
  #edges = 0;
  #nodes = 1;
  /** By edge: where it starts, what its tokens are, where it ends. */
  #node: Int32Array = new Int32Array(256);
  #text: Int32Array = new Int32Array(256);
  #from: Int32Array = new Int32Array(256);
  #tokens: Int32Array = new Int32Array(256);
  #child: Int32Array = new Int32Array(256);
  /** Edge at each place of an open-addressing table, plus 1; 0: none. */
  #table = new Int32Array(1024);
  #at = 0;
  #known = true;

  /** Begins a new sequence. */
  begin(): void {
    this.#at = 0;
    this.#known = true;
  }

  /**
   * Goes on with tokens `from` … `from + tokens − 1` of a text. Returns how many of them continue a
   * sequence that was added before, 0 once one did not.
   */
  add(text: number, from: number, tokens: number): number {
    let common = 0;
    for (let left = tokens; left > 0;) {
      const edge = this.#known ? this.#find(text, from) : -1;
      if (edge < 0) {
        this.#known = false;
        this.#at = this.#insert({ node: this.#at, text, from, tokens: left, child: this.#nodes++ });
        return common;
      }
      const shared = Math.min(left, this.#tokens[edge]);
      if (shared < this.#tokens[edge]) this.#split(edge, shared);
      this.#at = this.#child[edge];
      common += shared;
      from += shared;
      left -= shared;
    }
    return common;
  }

  /** Puts a node `tokens` after the start of an edge. */
  #split(edge: number, tokens: number): void {
    const middle = this.#nodes++;
    this.#insert({
      node: middle,
      text: this.#text[edge],
      from: this.#from[edge] + tokens,
      tokens: this.#tokens[edge] - tokens,
      child: this.#child[edge],
    });
    this.#tokens[edge] = tokens;
    this.#child[edge] = middle;
  }

  #find(text: number, from: number): number {
    const mask = this.#table.length - 1;
    for (let place = hash(this.#at, text, from) & mask;; place = (place + 1) & mask) {
      const edge = this.#table[place] - 1;
      if (edge < 0) return -1;
      const same = this.#node[edge] === this.#at && this.#text[edge] === text &&
        this.#from[edge] === from;
      if (same) return edge;
    }
  }

  /** Adds an edge that is not there; returns its end. */
  #insert(
    { node, text, from, tokens, child }: Record<
      "node" | "text" | "from" | "tokens" | "child",
      number
    >,
  ): number {
    const edge = this.#edges++;
    if (edge === this.#node.length) this.#widen();
    this.#node[edge] = node;
    this.#text[edge] = text;
    this.#from[edge] = from;
    this.#tokens[edge] = tokens;
    this.#child[edge] = child;
    if (this.#edges > FULLEST * this.#table.length) this.#rehash();
    else this.#place(edge);
    return child;
  }

  #place(edge: number): void {
    const mask = this.#table.length - 1;
    let place = hash(this.#node[edge], this.#text[edge], this.#from[edge]) & mask;
    while (this.#table[place] !== 0) place = (place + 1) & mask;
    this.#table[place] = edge + 1;
  }

  #rehash(): void {
    this.#table = new Int32Array(2 * this.#table.length);
    for (let edge = 0; edge < this.#edges; edge++) this.#place(edge);
  }

  #widen(): void {
    const length = 2 * this.#node.length;
    this.#node = widened(this.#node, length);
    this.#text = widened(this.#text, length);
    this.#from = widened(this.#from, length);
    this.#tokens = widened(this.#tokens, length);
    this.#child = widened(this.#child, length);
  }
}

function hash(node: number, text: number, from: number): number {
  let mixed = Math.imul(node ^ 0x9e3779b9, 0x85ebca6b) ^ Math.imul(text ^ 0x7f4a7c15, 0xc2b2ae35) ^
    Math.imul(from, 0x27d4eb2f);
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x2c1b3c6d);
  return mixed ^ (mixed >>> 13);
}
