import { normal, type Random, substream } from "../../../random/substream.ts";
import { tokenLengths, type TokenLengthSpec } from "../lengths/token-length-spec.ts";
import type { TokenLengths } from "../lengths/token-lengths.ts";
import { Popularity } from "./popularity.ts";

/** A text that several prompts have. */
export interface SharedText {
  /** Number of the text in the workload. */
  readonly id: number;
  readonly tokens: number;
}

/** What a pool of texts is made of. */
export interface TextPoolOptions {
  readonly texts: number;
  readonly exponent: number;
  readonly tokens: TokenLengthSpec;
  readonly seed: number;
  /** Names the pool's random numbers. */
  readonly name: string;
  /** A number that no other text has. */
  readonly newId: () => number;
}

/** Texts whose lengths depend on the pool's name and their place alone, not on who asks first. */
export class TextPool {
  readonly #popularity: Popularity;
  readonly #lengths: TokenLengths;
  readonly #known = new Map<number, SharedText>();

  constructor(private readonly options: TextPoolOptions) {
    this.#popularity = new Popularity(options.texts, options.exponent);
    this.#lengths = tokenLengths(options.tokens);
  }

  /** `count` different texts by popularity. */
  draw(random: Random, count: number): SharedText[] {
    return this.#popularity.draw(random, count).map((place) => this.#text(place));
  }

  #text(place: number): SharedText {
    let text = this.#known.get(place);
    if (text === undefined) {
      const { seed, name, newId } = this.options;
      const own = substream(seed, `generate-workload/texts/${name}/${place}`);
      const tokens = Math.max(1, Math.round(this.#lengths.at(normal(own))));
      this.#known.set(place, text = { id: newId(), tokens });
    }
    return text;
  }
}
