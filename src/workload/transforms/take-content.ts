import type { PromptContent } from "../prompt-content.ts";
import { gather, gatherLists } from "./gather.ts";

/** What the prompts at `rows` consist of, in that order. */
export function takeContent(content: PromptContent, rows: Int32Array): PromptContent {
  const { offsets, places } = gatherLists(content.offsets, rows);
  const { text, from, tokens, answer } = content;
  return {
    offsets,
    text: gather(text, places),
    ...from && { from: gather(from, places) },
    tokens: gather(tokens, places),
    ...answer && { answer: gather(answer, rows) },
  };
}
