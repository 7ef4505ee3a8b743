import type { Stopped } from "./stop-at.ts";
import { PIECES } from "./vocabulary.ts";

/** Tokens of an answer before any stop string is looked for. */
export interface AnswerTokens {
  /** Shape (tokens), places in `PIECES`. */
  readonly pieces: Uint8Array;
  /** Ids of its first tokens, where somebody has said them. @default those of the pieces */
  readonly tokenIds?: ArrayLike<number>;
}

/** The text of one answer as it comes out, token by token. */
export class AnswerText {
  /** Tokens made so far. */
  made = 0;
  readonly #pieces: Uint8Array;
  readonly #ids: ArrayLike<number>;
  readonly #stopped: Stopped;
  /** Characters kept back while a stop string may still begin in them. */
  readonly #heldBack: number;
  /** Made and not shown yet; and how many characters were shown. */
  #tail = "";
  #shown = 0;
  #tokensShown = 0;

  /**
   * @param answer what it would be if nothing stopped it
   * @param heldBack characters kept back until the end
   */
  constructor({ pieces, tokenIds = [] }: AnswerTokens, stopped: Stopped, heldBack: number) {
    this.#pieces = pieces;
    this.#ids = tokenIds;
    this.#stopped = stopped;
    this.#heldBack = heldBack;
  }

  /** Tokens of the whole answer. */
  get tokens(): number {
    return this.#stopped.tokens;
  }

  /** Ids of all its tokens, those not made yet among them. */
  allTokenIds(): number[] {
    return this.#idsOf(0, this.tokens);
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
    const ids = this.#idsOf(this.#tokensShown, this.made);
    this.#tokensShown = this.made;
    return ids;
  }

  #idsOf(from: number, to: number): number[] {
    const given = this.#ids, pieces = this.#pieces;
    const ids: number[] = [];
    for (let at = from; at < to; at++) {
      ids.push(at < given.length ? given[at] : PIECES[pieces[at]].id);
    }
    return ids;
  }
}
