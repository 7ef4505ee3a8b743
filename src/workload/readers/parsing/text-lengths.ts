import { InputError } from "../../../errors/input-error.ts";
import type { ReadContext, TokenCounter } from "../trace-format.ts";
import type { LoggedRequest } from "./logged-requests.ts";
import type { Message } from "./request-body.ts";

/** What is known of a prompt whose messages were counted. */
export type CountedPrompt = Required<
  Pick<LoggedRequest, "promptTokens" | "blocks" | "blockTokens" | "promptText">
>;

/**
 * Lengths of texts by the tokenizer that the reader was given, and the blocks that prompts share: one a
 * message, equal text, equal block. The log is told which tokenizer counted.
 */
export class TextLengths {
  readonly #context: Pick<ReadContext, "log" | "tokenCounter">;
  readonly #known = new Map<string, { readonly block: number; readonly tokens: number }>();

  constructor(context: Pick<ReadContext, "log" | "tokenCounter">) {
    this.#context = context;
  }

  /** Tokens of a text. Throws an InputError where there is no tokenizer. */
  count(text: string): number {
    return this.#of(text).tokens;
  }

  /** The block that a text is. */
  block(text: string): number {
    return this.#of(text).block;
  }

  /** Length and blocks of a prompt: its messages one after the other, without a chat template. */
  prompt(messages: readonly Message[]): CountedPrompt {
    const full = messages.map(({ text }) => this.#of(text)).filter(({ tokens }) => tokens > 0);
    return {
      promptTokens: full.reduce((sum, { tokens }) => sum + tokens, 0),
      blocks: full.map(({ block }) => block),
      blockTokens: full.map(({ tokens }) => tokens),
      promptText: messages.map(({ text }) => text).join("\n"),
    };
  }

  #of(text: string): { readonly block: number; readonly tokens: number } {
    let known = this.#known.get(text);
    if (known === undefined) {
      known = { block: this.#known.size, tokens: this.#counter().count(text) };
      this.#known.set(text, known);
    }
    return known;
  }

  #counter(): TokenCounter {
    const { tokenCounter, log } = this.#context;
    if (tokenCounter === undefined) {
      throw new InputError({
        file: log.source,
        expected: "a tokenizer, because the file holds texts and no lengths: openTrace has one, " +
          "readTrace takes one as tokenCounter",
      });
    }
    if (this.#known.size === 0) {
      log.assumptions.push(
        `lengths are counted by ${tokenCounter.name}, message by message, without a chat template: ` +
          "another model's tokenizer gives other lengths",
      );
    }
    return tokenCounter;
  }
}
