/** One message of a chat prompt. */
export interface ChatMessage {
  readonly role: "system" | "user" | "assistant" | "tool";
  readonly content: string;
}

/** What every request says, whichever endpoint it goes to. Absent fields are not sent. */
interface RequestFields {
  /**
   * Sent as `X-Request-Id`: the id under which the server's log and answer name the request. The
   * server makes it unique inside, so that a second attempt may use the same one.
   */
  readonly id: string;
  /** The name the server serves the model under. */
  readonly model: string;
  /** Tokens to generate at most: `max_tokens`, in chat `max_completion_tokens`. */
  readonly maxTokens: number;
  /** Tokens before which no stop is heeded. */
  readonly minTokens?: number;
  /** Generate exactly `maxTokens`, whatever the model says. */
  readonly ignoreEos?: boolean;
  /** vLLM's: lower is served earlier. Without effect unless the server schedules by priority. */
  readonly priority?: number;
  readonly seed?: number;
  /** 0 is greedy; absent: what the model's own configuration says. */
  readonly temperature?: number;
  /** More fields of the body under the server's names, for example `cache_salt`. */
  readonly extraBody?: Readonly<Record<string, unknown>>;
}

/** A request to `/v1/completions`: the prompt as text, or as token ids (needs no tokenizer). */
export interface TextRequest extends RequestFields {
  readonly endpoint: "completions";
  readonly prompt: string | ArrayLike<number>;
}

/** A request to `/v1/chat/completions`: the server's template makes the prompt of the messages. */
export interface ChatRequest extends RequestFields {
  readonly endpoint: "chat";
  readonly messages: readonly ChatMessage[];
}

/** A request as the client sends it. Every one is streamed and asks for its usage. */
export type CompletionRequest = TextRequest | ChatRequest;
