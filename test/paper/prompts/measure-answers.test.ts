import { expect, test } from "vitest";
import { measureAnswers } from "../../../src/paper/prompts/measure-answers.ts";
import type { SampleAnswer } from "../../../src/paper/prompts/sample-answer.ts";

/** An answer of `words` words; the test's tokenizer makes a token of every character. */
function answer(words: number, tokens: number): { file: string; answer: SampleAnswer } {
  const text = "w ".repeat(words).padEnd(tokens, "w").slice(0, tokens);
  return {
    file: `${words}.md`,
    answer: { kind: "prose", topic: "backpressure", form: 0, text },
  };
}

test("ratio, mean, sd (n - 1), min and max are those worked out by hand", () => {
  const count = {
    words: (text: string) => text.split(" ").filter((word) => word !== "").length,
    tokens: (text: string) => text.length,
  };
  const result = measureAnswers([answer(2, 10), answer(4, 10), answer(3, 10)], count);
  expect(result.answers.map(({ ratio }) => ratio)).toEqual([0.3, 0.5, 0.4]);
  expect(result).toMatchObject({ n: 3, mean: 0.4, sd: 0.1, min: 0.3, max: 0.5 });
});
