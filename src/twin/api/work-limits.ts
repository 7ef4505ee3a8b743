import type { GenerationRequest, Prompt } from "./request-schema.ts";
import { badValue } from "./api-error.ts";

/** Answers of one request at most: prompts times `n`. vLLM bounds each of the two alone. */
export const MOST_ANSWERS = 4096;
/** Tokens of all answers of one request at most. */
export const MOST_ANSWER_TOKENS = 2 ** 22;
/** Characters of all stop strings of a request, and stop token ids, at most. */
export const MOST_STOP_CHARACTERS = 8192;
export const MOST_STOP_TOKENS = 8192;
/** Characters of the longest token in the vocabulary of Qwen1.5: a run of spaces. */
export const LONGEST_TOKEN = 128;

/**
 * Refuses a request whose fields multiply to more work than the twin does for one client, before any of
 * it is done. A vLLM would begin it, and keep everybody waiting.
 *
 * @param longest tokens of prompt and answer together
 */
export function assertBounded(request: GenerationRequest, longest: number): void {
  const { prompts, n, maxTokens, stop, stopTokenIds } = request;
  const answers = Math.max(1, prompts.length) * n;
  if (answers > MOST_ANSWERS) {
    throw badValue(
      `the twin gives at most ${MOST_ANSWERS} answers to a request, got ${answers} (prompts times n).`,
      ["n", n],
    );
  }
  const tokens = answers * Math.min(maxTokens ?? longest, longest);
  if (tokens > MOST_ANSWER_TOKENS) {
    throw badValue(
      `the twin gives at most ${MOST_ANSWER_TOKENS} tokens to a request, got ${tokens} ` +
        "(prompts times n times max_tokens).",
      ["n", n],
    );
  }
  const characters = stop.reduce((sum, { length }) => sum + length, 0);
  if (characters > MOST_STOP_CHARACTERS) {
    throw badValue(
      `the twin takes stop strings of at most ${MOST_STOP_CHARACTERS} characters, got ${characters}.`,
      ["stop"],
    );
  }
  if (stopTokenIds.length > MOST_STOP_TOKENS) {
    throw badValue(
      `the twin takes at most ${MOST_STOP_TOKENS} stop token ids, got ${stopTokenIds.length}.`,
      ["stop_token_ids"],
    );
  }
}

/**
 * Whether a prompt can't fit by its length alone, without a look at its tokens: no token has more than
 * {@link LONGEST_TOKEN} characters.
 */
export function isTooLong(prompt: Prompt, longest: number): boolean {
  return typeof prompt === "string"
    ? prompt.length > longest * LONGEST_TOKEN
    : prompt.length > longest;
}
