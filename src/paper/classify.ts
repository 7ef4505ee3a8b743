import { categoryByKeywords } from "../estimation/keyword-classifier.ts";
import { CATEGORIES, type Category } from "./categories.ts";

const rule = (category: Category, ...words: string[]) =>
  Object.freeze({ category, words: Object.freeze(words) });

/**
 * The reference's keywords as data. The rule that goes with them:
 *
 * 1. The prompt is put into lower case (`String.prototype.toLowerCase`).
 * 2. Each word is counted as text, not as a whole word: `report` is found in `reporting`, `code` in
 *    `decoded`, and `summary` is not found in `summaries`. Occurrences of one word do not overlap:
 *    the search goes on behind the last one.
 * 3. A category's score is the sum of the counts of its words. Words are counted independently.
 * 4. The highest score wins. Equal scores go to the rule that comes first. If all scores are 0, the
 *    prompt is of the category `otherwise`.
 *
 * Source: driftsched reference, "Admission estimate".
 */
export const KEYWORDS = Object.freeze(
  {
    rules: Object.freeze([
      rule("summary", "summarize", "summary"),
      rule("report", "detailed", "report", "comprehensive"),
      rule("technical", "architecture", "code", "technical"),
    ]),
    otherwise: "short_qa",
    categories: CATEGORIES,
  } as const,
);

/**
 * The category that the reference's keyword rule sees in a prompt, see {@link KEYWORDS}.
 *
 * @example
 * paper.classifyPrompt("Summarize this report in a summary"); // "summary": 2 against 1
 */
export function classifyPrompt(prompt: string): Category {
  return categoryByKeywords(prompt, KEYWORDS) as Category;
}
