import { lengthModel, type LengthSpec } from "../../workload/lengths/length-spec.ts";
import { wordRatios } from "../../workload/word-ratios.ts";
import { MEASURED_CATEGORIES } from "../../workload/words-per-token.ts";
import { substream, uniformInt } from "../../random/substream.ts";
import { answerPieces } from "./answer-pieces.ts";
import type { AnswerTokens } from "./answer-text.ts";

/** Cap from which a length is drawn where the request states none, in tokens. */
const CAP_OF_THE_UNCAPPED = 512;

/** What an answer really has. */
export interface AnswerTruth {
  /** Tokens until the model would end it by itself; `max_tokens` may cut it before. */
  readonly tokens: number;
  /** Whitespace words of the whole answer. @default by measured words per token */
  readonly words?: number;
  /**
   * Ids of its first tokens, as later prompts repeat them: under these the server keeps its KV. Its text
   * stays the twin's own. @default those of its text
   */
  readonly tokenIds?: ArrayLike<number>;
}

/** What the twin knows of a request before it answers. */
export interface Question {
  /** Which answer is meant: equal keys get equal answers. */
  readonly key: string;
  /** Tokens at most: `max_tokens`, or what is left of the context. */
  readonly cap: number;
  /** Whether the request stated a cap. */
  readonly capped: boolean;
  readonly ignoreEos: boolean;
  readonly minTokens: number;
  /** What the answer has, if somebody told the twin. */
  readonly truth?: AnswerTruth;
}

/** An answer before any stop string is looked for. */
export interface Answer extends AnswerTokens {
  /** Whether an end-of-sequence token ends it, rather than the cap. */
  readonly endsItself: boolean;
}

/**
 * How long answers are and what they say. Each answer is of one of the categories of the measured
 * sample answers, all equally likely. Drawn from a substream of the seed named after the
 * question, so that neither the order nor the number of requests changes an answer.
 *
 * vLLM counts the end-of-sequence token but shows no text for it; the twin's last token has text, so
 * that its text always has as many tokens as the usage says.
 */
export function answerModel(seed: number, lengths: LengthSpec): (question: Question) => Answer {
  const model = lengthModel(lengths);
  const ratios = wordRatios({ model: "measured" });
  return ({ key, cap, capped, ignoreEos, minTokens, truth }) => {
    const random = substream(seed, `twin/answer/${key}`);
    const category = MEASURED_CATEGORIES[uniformInt(random, MEASURED_CATEGORIES.length)];
    const drawn = model.draw(random, category, capped ? cap : CAP_OF_THE_UNCAPPED);
    const ratio = ratios.draw(random, category);
    const wanted = Math.max(1, minTokens, truth?.tokens ?? Math.round(drawn));
    const tokens = ignoreEos ? cap : Math.min(cap, wanted);
    const words = truth?.words === undefined
      ? Math.round(tokens * ratio)
      : Math.round(truth.words * tokens / wanted);
    return {
      pieces: answerPieces(random, tokens, words),
      tokenIds: truth?.tokenIds,
      endsItself: !ignoreEos && wanted < cap,
    };
  };
}
