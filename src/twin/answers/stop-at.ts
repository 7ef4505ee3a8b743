import { PIECES } from "./vocabulary.ts";

/** What may end an answer early, as the request says it. */
export interface StopRules {
  readonly strings: readonly string[];
  readonly tokenIds: readonly number[];
  /** Tokens before which nothing ends it. */
  readonly minTokens: number;
  readonly includeStopString: boolean;
}

/** Where an answer ends. */
export interface Stopped {
  /** Tokens made, the one that ended it among them. */
  readonly tokens: number;
  /** Characters of the text that are kept. */
  readonly characters: number;
  /** The stop string or stop token that ended it; null: nothing did. */
  readonly reason: string | number | null;
}

/**
 * Looks for the first stop string or stop token in an answer, token by token as vLLM does: a string
 * that becomes whole with a token ends the answer there, and the text is cut before it.
 *
 * @param pieces shape (tokens), places in `PIECES`
 */
export function stopAt(pieces: Uint8Array, rules: StopRules): Stopped {
  const { strings, tokenIds, minTokens, includeStopString } = rules;
  let text = "";
  for (let at = 0; at < pieces.length; at++) {
    const { text: added, id } = PIECES[pieces[at]];
    // A string may have begun in the text before.
    const from = text.length;
    text += added;
    if (at + 1 < minTokens) continue;
    if (tokenIds.includes(id)) return { tokens: at + 1, characters: text.length, reason: id };
    for (const string of strings) {
      const found = text.indexOf(string, Math.max(0, from - string.length + 1));
      if (string === "" || found < 0) continue;
      const characters = includeStopString ? found + string.length : found;
      return { tokens: at + 1, characters, reason: string };
    }
  }
  return { tokens: pieces.length, characters: text.length, reason: null };
}
