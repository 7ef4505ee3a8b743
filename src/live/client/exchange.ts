import type { CompletionRequest } from "./completion-request.ts";
import type { ChunkTimes } from "./chunk-times.ts";
import type { Outcome } from "./failure.ts";

/** Tokens that the server says it read and made; null for what it does not say. */
export interface Usage {
  readonly promptTokens: number | null;
  readonly completionTokens: number | null;
  /** Of the prompt, those found in the prefix cache. */
  readonly cachedTokens: number | null;
}

/**
 * The server's own times of one request, in seconds on its clock; null where it gave none. Only
 * from a server with `--enable-per-request-metrics`.
 */
export interface ServerMetrics {
  /** First scheduled to first token: the wait in the server's queue is not in it. */
  readonly timeToFirstToken: number | null;
  /** Queued to first scheduled. */
  readonly queueTime: number | null;
  /** First to last token. */
  readonly generationTime: number | null;
  readonly meanInterTokenLatency: number | null;
  /** Tokens over (last token − first scheduled). */
  readonly tokensPerSecond: number | null;
}

/**
 * What a server may claim that can't be believed:
 * - `impossible-count`: tokens that are no whole number from 0 to 2³¹ − 1, or more than were asked for
 *   and than bytes came;
 * - `shrinking-count`: a running count that went down;
 * - `cached-beyond-prompt`: more tokens of the prompt in the cache than the prompt has;
 * - `several-choices`: more than the one answer that was asked for; the first is taken.
 */
export const CLAIM_DOUBTS = [
  "impossible-count",
  "shrinking-count",
  "cached-beyond-prompt",
  "several-choices",
] as const;
export type ClaimDoubt = (typeof CLAIM_DOUBTS)[number];

/**
 * What came back of one attempt at one request. Instants are seconds on the run's clock, NaN where
 * they never came; a failed attempt keeps all that it had until then. Nothing is retried inside.
 */
export interface Exchange {
  readonly requestId: string;
  /** Base URL of the server. */
  readonly server: string;
  readonly outcome: Outcome;
  /** HTTP status; null without an answer. 200 does not mean that it succeeded. */
  readonly status: number | null;
  /** When the request was handed to the socket. */
  readonly sent: number;
  /**
   * When the answer's headers came. From vLLM that means "accepted" and not "first token": it sends
   * them before the request is even scheduled.
   */
  readonly headers: number;
  /**
   * When the first token came: the first event that carried anything (text, reasoning, a tool call, a
   * refusal, audio). A role and an empty delta do not count. NaN too for an answer that came whole and
   * not as a stream: nobody saw when its first token was there.
   */
  readonly firstToken: number;
  /**
   * When the last token came; a last event that carries none, only a finish reason, does not count. Of
   * an answer without any content, when it was said to be finished; of a whole one, when its end came.
   */
  readonly lastToken: number;
  /** When the attempt was over: `[DONE]`, the failure, or the end of the answer. */
  readonly ended: number;
  readonly chunks: ChunkTimes;
  /** `stop`, `length`, … as the server said; null if it never did. */
  readonly finishReason: string | null;
  /** The stop string or stop token that ended it; null for end of sequence and length. */
  readonly stopReason: string | number | null;
  /** The server's count at the end, or its last running one; null if it never told. */
  readonly usage: Usage | null;
  readonly serverMetrics: ServerMetrics | null;
  /** What the server claimed that can't be, or can't all be; what can't be is not in `usage`. */
  readonly doubts: readonly ClaimDoubt[];
  /**
   * Whitespace words of the answer's text, without reasoning and tool calls: the unit of the paper's
   * `split` counting.
   */
  readonly words: number;
  /** The answer's text; null unless the client was asked to keep it. */
  readonly text: string | null;
  /** Bytes of the answer's body. */
  readonly bytes: number;
}

/** How one request is made. */
export interface CompleteOptions {
  /** Ends the attempt as `aborted` and closes the connection, which makes the server abort it. */
  readonly signal?: AbortSignal;
  /**
   * Called once, when the answer's headers have come: the server has the request. Not called where
   * none come.
   */
  readonly onAccepted?: () => void;
  /** Called once, with the instant of the first token, before the answer is whole. */
  readonly onFirstToken?: (instant: number) => void;
  /**
   * Called after each read of the answer with its instant. A thousand streams may be read in one turn
   * of the event loop, while timers wait: here an open loop can see that something is due.
   */
  readonly onRead?: (instant: number) => void;
}

/** Who carries a request to one server and brings back what happened. */
export interface CompletionClient {
  /** Base URL of the server. */
  readonly server: string;
  /** One attempt. Resolves whatever the server does; rejects only for a request that can't be sent. */
  complete(request: CompletionRequest, options?: CompleteOptions): Promise<Exchange>;
}
