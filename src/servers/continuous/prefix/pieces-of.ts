import type { PromptContent } from "../../../workload/prompt-content.ts";

/** Is told each stretch of a text that a request's prompt and then its answer consist of. */
export type PieceVisitor = (text: number, from: number, tokens: number) => void;

/** Lengths of a request, tokens. */
interface Lengths {
  readonly prompt: number;
  /** Of the answer, as far as it is ever computed. */
  readonly answer: number;
}

/**
 * Walks through what a request consists of, as long as others may have it, too: its pieces, and its
 * answer where that is a text with a number. Pieces that go on where the one before ended come as one.
 * What follows is the request's own.
 */
export function walkPieces(
  content: PromptContent,
  request: number,
  { prompt, answer }: Lengths,
  visit: PieceVisitor,
): void {
  const { offsets, text, from, tokens } = content;
  let walked = 0;
  let current = -1, start = 0, length = 0;
  const add = (next: number, at: number, count: number) => {
    walked += count;
    if (length > 0 && next === current && at === start + length) {
      length += count;
      return;
    }
    if (length > 0) visit(current, start, length);
    current = next;
    start = at;
    length = count;
  };
  for (let i = offsets[request]; i < offsets[request + 1] && walked < prompt; i++) {
    const count = Math.min(tokens[i], prompt - walked);
    if (count > 0) add(text[i], from === undefined ? 0 : from[i], count);
  }
  const answerText = content.answer === undefined ? NO_TEXT : content.answer[request];
  if (walked === prompt && answerText !== NO_TEXT && answer > 0) add(answerText, 0, answer);
  if (length > 0) visit(current, start, length);
}

/** The answer is a text of its own. */
const NO_TEXT = -1;
