import { InputError } from "../errors/input-error.ts";
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
 * @param answers shape (n): the number that pieces have for the answer of each request
 *   (@default -1 - r for request r)
 * @throws InputError for a piece that is no such list, by request and piece
 * @example
 * // Request 1 goes on where request 0 and its answer ended.
 * const content = contentOfPieces([[[7, 0, 40]], [[7, 0, 40], [-1, 0, 12], [8, 0, 20]]]);
 */
export function contentOfPieces(
  prompts: readonly (readonly Piece[])[],
  answers: ArrayLike<number> = Int32Array.from(prompts, (_, request) => -1 - request),
): PromptContent {
  // Texts get numbers from 0, because −1 says that an answer is nobody's text.
  const numbers = new Map<number, number>();
  const numberOf = (text: number) => {
    let number = numbers.get(text);
    if (number === undefined) numbers.set(text, number = numbers.size);
    return number;
  };
  const offsets = new Int32Array(prompts.length + 1);
  prompts.forEach((pieces, request) => {
    offsets[request + 1] = offsets[request] + pieces.length;
    pieces.forEach((piece, k) => check(piece, request, k));
  });
  const pieces = prompts.flat();
  return {
    offsets,
    text: Int32Array.from(pieces, ([text]) => numberOf(text)),
    from: Int32Array.from(pieces, ([, from]) => from),
    tokens: Int32Array.from(pieces, ([, , tokens]) => tokens),
    answer: Int32Array.from(answers, (text) => numbers.get(text) ?? -1),
  };
}

function check(piece: Piece, request: number, k: number): void {
  const whole = (value: number, least: number) =>
    Number.isInteger(value) && value >= least && value < 2 ** 31;
  const [text, from, tokens] = piece;
  const good = piece.length === 3 && whole(text, -(2 ** 31)) && whole(from, 0) &&
    whole(tokens, 1) && from + tokens < 2 ** 31;
  if (good) return;
  throw new InputError({
    file: "pieces of prompts",
    row: request + 1,
    field: `piece ${k}`,
    value: piece,
    expected: "[text, from, tokens]: whole numbers, from at least 0, at least one token",
  });
}
