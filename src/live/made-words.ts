/**
 * Common words, each of which is one token of the usual tokenizers, with a space before it or at the
 * beginning of a text.
 */
const WORDS = [
  ...["the", "of", "and", "to", "in", "is", "that", "for", "it", "as", "with", "on", "be", "by"],
  ...["this", "are", "from", "or", "an", "at", "not", "which", "we", "can", "has", "have", "one"],
  ...["all", "time", "when", "each", "will", "more", "use", "two", "may", "other", "than", "then"],
  ...["its", "into", "only", "some", "new", "first", "also", "after", "between", "must", "where"],
  ...["how", "most", "over", "same", "system", "data", "server", "cache", "model", "order", "rate"],
  ...["state", "value", "cost"],
] as const;

/**
 * A text of so many words as there are ids: the same ids give the same words, so that prompts share
 * as text what they share as ids.
 */
export function madeText(ids: ArrayLike<number>): string {
  return Array.from(ids, (id) => WORDS[id % WORDS.length]).join(" ");
}
