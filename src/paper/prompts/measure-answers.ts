import type { TextCounters } from "./measure-pieces.ts";
import type { SampleAnswer } from "./sample-answer.ts";

/** One sample answer, counted. */
export interface AnswerRatio {
  readonly file: string;
  readonly kind: SampleAnswer["kind"];
  readonly words: number;
  readonly tokens: number;
  /** words / tokens, rounded to 6 decimals. */
  readonly ratio: number;
}

/** The answers of one category with the distribution of their ratios. */
export interface CategoryRatios {
  readonly answers: readonly AnswerRatio[];
  readonly n: number;
  /** Mean of the answers' ratios, each answer weighing the same. */
  readonly mean: number;
  /** Sample standard deviation (n − 1). */
  readonly sd: number;
  readonly min: number;
  readonly max: number;
}

function rounded(value: number): number {
  return Math.round(value * 1e6) / 1e6;
}

/**
 * Words per token of each answer (at least two) and their mean, sd, min and max: the paper publishes
 * none, although its calibration depends on them (driftsched reference, "What it gets wrong or leaves
 * open", point 4).
 */
export function measureAnswers(
  answers: readonly { readonly file: string; readonly answer: SampleAnswer }[],
  count: TextCounters,
): CategoryRatios {
  const rows = answers.map(({ file, answer }): AnswerRatio => {
    const words = count.words(answer.text);
    const tokens = count.tokens(answer.text);
    return { file, kind: answer.kind, words, tokens, ratio: rounded(words / tokens) };
  });
  const ratios = rows.map((row) => row.ratio);
  const mean = ratios.reduce((sum, ratio) => sum + ratio, 0) / ratios.length;
  const squares = ratios.reduce((sum, ratio) => sum + (ratio - mean) ** 2, 0);
  return {
    answers: rows,
    n: ratios.length,
    mean: rounded(mean),
    sd: rounded(Math.sqrt(squares / (ratios.length - 1))),
    min: Math.min(...ratios),
    max: Math.max(...ratios),
  };
}
