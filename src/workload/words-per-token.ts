import measured from "../../data/words_per_token.json" with { type: "json" };
import { InputError } from "../errors/input-error.ts";

/** What is read of `data/words_per_token.json`, which holds categories under their own names. */
interface Measured {
  readonly answers: readonly { readonly ratio: number; readonly tokens: number }[];
  readonly mean: number;
}
const CATEGORIES: Readonly<Record<string, Measured>> = measured.categories;

function meanTokens({ answers }: Measured): number {
  return answers.reduce((sum, { tokens }) => sum + tokens, 0) / answers.length;
}

/**
 * Categories of the sample answers: those that the data file names, the one with the shortest answers
 * (mean tokens) first.
 */
export const MEASURED_CATEGORIES: readonly string[] = Object.freeze(
  Object.keys(CATEGORIES).sort((a, b) => meanTokens(CATEGORIES[a]) - meanTokens(CATEGORIES[b])),
);

/**
 * Words per token of every sample answer, by category: words as Python's `str.split()` counts them,
 * tokens of Qwen1.5's tokenizer. Shape (30,) a category, six answers to each question form, so that
 * a uniform draw is a draw of a question form as the paper's workload makes it.
 *
 * Source: `deno task measure-tokens` over `data/sample_answers/` (hand-written answers, no model's
 * output); the single counts are in `data/words_per_token.json`.
 */
export const WORDS_PER_TOKEN: Readonly<Record<string, Float64Array>> = Object.fromEntries(
  MEASURED_CATEGORIES.map((category) => [
    category,
    Float64Array.from(CATEGORIES[category].answers, (answer) => answer.ratio),
  ]),
);

/** Refuses a category that has no sample answers. */
export function assertMeasured(category: string): void {
  if (Object.hasOwn(WORDS_PER_TOKEN, category)) return;
  throw new InputError({
    file: "words per token",
    field: "category",
    value: category,
    expected: `a category with sample answers, one of ${MEASURED_CATEGORIES.join(", ")}`,
  });
}

/**
 * Mean of the measured words per token of a category, each answer weighing the same. Throws an
 * InputError for a category without sample answers.
 */
export function meanWordsPerToken(category: string): number {
  assertMeasured(category);
  return CATEGORIES[category].mean;
}
