import type { PromptContent } from "../prompt-content.ts";
import { gather } from "./gather.ts";

/** What the prompts at `rows` consist of, in that order. */
export function takeContent(content: PromptContent, rows: Int32Array): PromptContent {
  const offsets = new Int32Array(rows.length + 1);
  rows.forEach((row, i) =>
    offsets[i + 1] = offsets[i] + content.offsets[row + 1] - content.offsets[row]
  );
  const places = new Int32Array(offsets[rows.length]);
  rows.forEach((row, i) => {
    for (let at = offsets[i]; at < offsets[i + 1]; at++) {
      places[at] = content.offsets[row] + at - offsets[i];
    }
  });
  const { text, from, tokens, answer } = content;
  return {
    offsets,
    text: gather(text, places),
    ...from && { from: gather(from, places) },
    tokens: gather(tokens, places),
    ...answer && { answer: gather(answer, rows) },
  };
}
