import { CATEGORIES, type Category } from "./categories.ts";

/** Words that speak for a category. */
export interface KeywordRule {
  readonly category: Category;
  /** Lower-case texts, each looked for on its own, inside longer words too. */
  readonly words: readonly string[];
}

/** A keyword rule as data. */
export interface KeywordRules {
  /** In the order that decides a tie. */
  readonly rules: readonly KeywordRule[];
  /** Category of a prompt in which no word is found. */
  readonly otherwise: Category;
  /** Order of the categories' labels; it decides nothing. */
  readonly categories: readonly Category[];
}

const rule = (category: Category, ...words: string[]): KeywordRule =>
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
export const KEYWORDS: KeywordRules = Object.freeze({
  rules: Object.freeze([
    rule("summary", "summarize", "summary"),
    rule("report", "detailed", "report", "comprehensive"),
    rule("technical", "architecture", "code", "technical"),
  ]),
  otherwise: "short_qa",
  categories: CATEGORIES,
});

function countOf(text: string, word: string): number {
  let count = 0;
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + word.length)) count++;
  return count;
}

/**
 * The category that the reference's keyword rule sees in a prompt, see {@link KEYWORDS}.
 *
 * @example
 * classifyPrompt("Summarize this report in a summary"); // "summary": 2 against 1
 */
export function classifyPrompt(prompt: string): Category {
  const text = prompt.toLowerCase();
  let best = KEYWORDS.otherwise;
  let most = 0;
  for (const { category, words } of KEYWORDS.rules) {
    let count = 0;
    for (const word of words) count += countOf(text, word);
    if (count > most) {
      best = category;
      most = count;
    }
  }
  return best;
}
