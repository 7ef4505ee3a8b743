import type { Stopped } from "./stop-at.ts";
import { PIECES } from "./vocabulary.ts";

/** The text of one answer as it comes out, token by token. */
export class AnswerText {
  /** Tokens made so far. */
  made = 0;
  readonly #pieces: Uint8Array;
  readonly #stopped: Stopped;
  /** Characters kept back while a stop string may still begin in them. */
  readonly #heldBack: number;
  /** Made and not shown yet; and how many characters were shown. */
  #tail = "";
  #shown = 0;
  #tokensShown = 0;

  /**
   * @param pieces shape (tokens), places in `PIECES`
   * @param heldBack characters kept back until the end
   */
  constructor(pieces: Uint8Array, stopped: Stopped, heldBack: number) {
    this.#pieces = pieces;
    this.#stopped = stopped;
    this.#heldBack = heldBack;
  }

  /** Tokens of the whole answer. */
  get tokens(): number {
    return this.#stopped.tokens;
  }

  get isWhole(): boolean {
    return this.made === this.tokens;
  }

  /** Makes one more token. */
  make(): void {
    this.#tail += PIECES[this.#pieces[this.made++]].text;
  }

  /** Text since the last call. */
  takeText(): string {
    const most = this.isWhole ? Infinity : this.#shown + this.#tail.length - this.#heldBack;
    const until = Math.min(most, this.#stopped.characters);
    const count = Math.max(0, until - this.#shown);
    const text = this.#tail.slice(0, count);
    this.#tail = this.#tail.slice(count);
    this.#shown += text.length;
    return text;
  }

  /** Ids of the tokens since the last call. */
  takeTokenIds(): number[] {
    const ids = Array.from(
      this.#pieces.subarray(this.#tokensShown, this.made),
      (piece) => PIECES[piece].id,
    );
    this.#tokensShown = this.made;
    return ids;
  }
}
