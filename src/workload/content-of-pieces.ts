import type { PromptContent } from "./prompt-content.ts";

/**
 * Tokens `from` … `from + tokens - 1` of a text. Texts have any whole number, or the number `-1 - r`:
 * the answer of request r.
 */
export type Piece = readonly [text: number, from: number, tokens: number];

/**
 * What prompts consist of, by column, of prompts written as lists of pieces.
 *
 * @param prompts by request
 * @example
 * // Request 1 goes on where request 0 and its answer ended.
 * const content = contentOfPieces([[[7, 0, 40]], [[7, 0, 40], [-1, 0, 12], [8, 0, 20]]]);
 */
export function contentOfPieces(prompts: readonly (readonly Piece[])[]): PromptContent {
  const numbers = new Map<number, number>();
  const numberOf = (text: number) => {
    let number = numbers.get(text);
    if (number === undefined) numbers.set(text, number = numbers.size);
    return number;
  };
  const offsets = new Int32Array(prompts.length + 1);
  prompts.forEach((pieces, i) => offsets[i + 1] = offsets[i] + pieces.length);
  const pieces = prompts.flat();
  return {
    offsets,
    text: Int32Array.from(pieces, ([text]) => numberOf(text)),
    from: Int32Array.from(pieces, ([, from]) => from),
    tokens: Int32Array.from(pieces, ([, , tokens]) => tokens),
    answer: Int32Array.from(prompts, (_, request) => numbers.get(-1 - request) ?? -1),
  };
}
