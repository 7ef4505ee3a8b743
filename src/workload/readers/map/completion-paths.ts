import type { RowFilter } from "./map-plan.ts";

/** What paths of APIs have that make answers: OpenAI's, Anthropic's, Gemini's, Bedrock's, TGI's. */
const COMPLETIONS = /completion|\/messages\b|\/responses\b|generate|converse|\/invoke/i;

/** Leaves calls of other paths aside: lists of models, embeddings, health. */
export function onlyCompletionPaths(column: string): RowFilter {
  return {
    column,
    reason: (path) => COMPLETIONS.test(path) ? undefined : "calls of paths that make no answers",
  };
}
