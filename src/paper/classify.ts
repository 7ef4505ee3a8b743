import type { Category } from "./categories.ts";

/** Keywords per category in the order that decides a tie. Source: driftsched reference. */
const KEYWORDS: readonly (readonly [Category, readonly string[]])[] = [
  ["summary", ["summarize", "summary"]],
  ["report", ["detailed", "report", "comprehensive"]],
  ["technical", ["architecture", "code", "technical"]],
];

function countOf(text: string, word: string): number {
  let count = 0;
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + word.length)) count++;
  return count;
}

/**
 * The category that the reference's keyword rule sees in a prompt: non-overlapping counts in the
 * lower-cased text, the highest wins, the first of summary, report, technical on a tie, and
 * short_qa where no keyword stands.
 *
 * @example
 * classifyPrompt("Summarize this report in a summary"); // "summary": 2 against 1
 */
export function classifyPrompt(prompt: string): Category {
  const text = prompt.toLowerCase();
  let best: Category = "short_qa";
  let most = 0;
  for (const [category, words] of KEYWORDS) {
    let count = 0;
    for (const word of words) count += countOf(text, word);
    if (count > most) {
      best = category;
      most = count;
    }
  }
  return best;
}
