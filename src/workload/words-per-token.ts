import measured from "../../data/words_per_token.json" with { type: "json" };
import { CATEGORIES, type Category } from "../paper/categories.ts";

/**
 * Words per token of every sample answer, by category: words as Python's `str.split()` counts them,
 * tokens of Qwen1.5's tokenizer. Shape (30,) a category, six answers to each question form, so that
 * a uniform draw is a draw of a question form as the workload makes it.
 *
 * Source: `deno task measure-tokens` over `data/sample_answers/` (hand-written answers, no model's
 * output); the single counts stand in `data/words_per_token.json`.
 */
export const WORDS_PER_TOKEN = Object.fromEntries(
  CATEGORIES.map((category) => [
    category,
    Float64Array.from(measured.categories[category].answers, (answer) => answer.ratio),
  ]),
) as Readonly<Record<Category, Float64Array>>;

/** Mean of the measured words per token of a category, each answer weighing the same. */
export function meanWordsPerToken(category: Category): number {
  return measured.categories[category].mean;
}
