/**
 * What prompts and answers consist of, for a server that keeps the KV of prompts it has seen. A prompt
 * is a row of pieces: tokens `from` … `from + tokens - 1` of a text. Two tokens are the same where text
 * and place are. What a prompt holds beyond its pieces is its own and shared with nobody.
 */
export interface PromptContent {
  /** Shape (n + 1), from 0, non-decreasing: request i has pieces `offsets[i]` to `offsets[i + 1]`. */
  readonly offsets: Int32Array;
  /** Shape (pieces): number of the text, 0 or above. */
  readonly text: Int32Array;
  /** Shape (pieces): place in its text of the piece's first token. @default 0 for all */
  readonly from?: Int32Array;
  /** Shape (pieces), tokens, at least 1. */
  readonly tokens: Int32Array;
  /**
   * Shape (n): number of the text that the answer is, so that a later turn can hold it; -1: a text of
   * its own. @default -1 for all
   */
  readonly answer?: Int32Array;
}
