import type { TemplateMessage, TokenizerQuestion, TokenizerReply } from "./worker.ts";

/** Qwen1.5's real tokenizer. */
export interface Tokenizer {
  encode(text: string, special: boolean): Promise<number[]>;
  /** The same; null for a text that has more than `most` tokens, found out before its end. */
  encodeAtMost(text: string, special: boolean, most: number): Promise<number[] | null>;
  decode(ids: readonly number[]): Promise<string>;
  /** The vocabulary's own spelling of each id. */
  pieces(ids: readonly number[]): Promise<string[]>;
  /** A chat as the prompt that the model's template makes of it. */
  template(messages: readonly TemplateMessage[], generation: boolean): Promise<string>;
  close(): void;
}

interface Waiting {
  readonly resolve: (answer: unknown) => void;
  readonly reject: (error: Error) => void;
}

/**
 * The tokenizer in a worker of its own, started by the first question: it takes a second and 250 MB
 * to load, and the streams of the twin must not wait for it.
 */
export function lazyTokenizer(): Tokenizer {
  let worker: Worker | null = null;
  let asked = 0;
  const waiting = new Map<number, Waiting>();

  const fail = (error: Error) => {
    for (const { reject } of waiting.values()) reject(error);
    waiting.clear();
  };
  const start = () => {
    const started = new Worker(new URL("./worker.ts", import.meta.url), { type: "module" });
    started.onmessage = ({ data }: MessageEvent<TokenizerReply>) => {
      const asker = waiting.get(data.index);
      waiting.delete(data.index);
      if ("error" in data) asker?.reject(new Error(`Tokenizer: ${data.error}`));
      else asker?.resolve(data.answer);
    };
    started.onerror = (event) => {
      event.preventDefault();
      fail(new Error(`Tokenizer: ${event.message}`));
    };
    return started;
  };
  const ask = <T>(question: TokenizerQuestion): Promise<T> => {
    worker ??= start();
    const index = asked++;
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    waiting.set(index, { resolve, reject });
    worker.postMessage({ index, question });
    return promise as Promise<T>;
  };
  return {
    encode: (text, special) => ask({ ask: "encode", text, special }),
    encodeAtMost: (text, special, most) => ask({ ask: "encode", text, special, most }),
    decode: (ids) => ask({ ask: "decode", ids }),
    pieces: (ids) => ask({ ask: "pieces", ids }),
    template: (messages, generation) => ask({ ask: "template", messages, generation }),
    close() {
      worker?.terminate();
      worker = null;
      fail(new Error("Tokenizer: closed"));
    },
  };
}
