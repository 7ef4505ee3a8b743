import * as z from "zod";
import type { Labels, Requests } from "../workload/workload.ts";

/** A list that is not written to, so that a frozen one may be given. */
const list = <S extends z.ZodType>(item: S) => z.array(item).readonly();

/** Which words speak for which category, as data. */
export const KeywordRules = z.strictObject({
  /** Categories in the order that decides a tie, each with its words in lower case. */
  rules: list(z.strictObject({
    category: z.string().min(1),
    words: list(z.string().min(1)),
  })),
  /** The category of a prompt in which none of the words stands. */
  otherwise: z.string().min(1),
  /** Order of the categories' labels. @default as they first appear above, `otherwise` last */
  categories: list(z.string().min(1)).optional(),
});
export type KeywordRules = z.output<typeof KeywordRules>;

function countOf(text: string, word: string): number {
  let count = 0;
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + word.length)) count++;
  return count;
}

/**
 * The category of a prompt by its words: non-overlapping occurrences in the lower-cased text are
 * counted, the category with the most wins, the first of the rules on a tie.
 *
 * @example
 * const rules = [{ category: "code", words: ["function", "class"] }];
 * categoryByKeywords("Write a function", { rules, otherwise: "chat" }); // "code"
 */
export function categoryByKeywords(prompt: string, { rules, otherwise }: KeywordRules): string {
  const text = prompt.toLowerCase();
  let best = otherwise;
  let most = 0;
  for (const { category, words } of rules) {
    let count = 0;
    for (const word of words) count += countOf(text, word);
    if (count > most) {
      best = category;
      most = count;
    }
  }
  return best;
}

/** The names that a classifier with these rules gives. */
export function categoriesOf({ rules, otherwise, categories }: KeywordRules): readonly string[] {
  return categories ?? [...new Set([...rules.map(({ category }) => category), otherwise])];
}

/** Classifies every prompt of `requests` by its text, which must be there. */
export function classifyByKeywords(
  { size, promptText }: Pick<Requests, "size" | "promptText">,
  rules: KeywordRules,
): Labels {
  const names = categoriesOf(rules);
  const codeOf = new Map(names.map((name, code) => [name, code]));
  const codes = new Uint8Array(size);
  for (let i = 0; i < size; i++) codes[i] = codeOf.get(categoryByKeywords(promptText!(i), rules))!;
  return { codes, names };
}
