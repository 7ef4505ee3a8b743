import { type Random, uniformInt } from "../../random/substream.ts";
import { DIGIT_PIECES, MARK_PIECES, WORD_PIECES } from "./vocabulary.ts";

const DIGITS = WORD_PIECES.length;
const MARKS = DIGITS + DIGIT_PIECES.length;

/**
 * An answer of exactly `tokens` tokens and `words` whitespace words, one piece a token: splitting
 * its text gives the words, Qwen1.5's tokenizer the tokens. Words are spread evenly; what a word has
 * beyond its first token are digits and a mark. No text holds more words than tokens, or none: then
 * the nearest number that it can hold.
 *
 * @returns shape (tokens), places in `PIECES`
 */
export function answerPieces(random: Random, tokens: number, words: number): Uint8Array {
  const held = Math.min(Math.max(1, words), tokens);
  const pieces = new Uint8Array(tokens);
  const startsWord = (at: number) =>
    at === 0 || Math.floor(at * held / tokens) > Math.floor((at - 1) * held / tokens);
  for (let at = 0; at < tokens; at++) {
    if (startsWord(at)) pieces[at] = uniformInt(random, WORD_PIECES.length);
    else if (at + 1 === tokens || startsWord(at + 1)) {
      pieces[at] = MARKS + uniformInt(random, MARK_PIECES.length);
    } else pieces[at] = DIGITS + uniformInt(random, DIGIT_PIECES.length);
  }
  return pieces;
}
