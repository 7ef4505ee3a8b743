import { createParser, type EventSourceParser } from "eventsource-parser";
import { countWords } from "../../estimation/count-words.ts";
import { type ChunkKind, ChunkRecorder, type ChunkTimes } from "./chunk-times.ts";
import { ErrorJson, messageOf, StreamEvent } from "./event-schema.ts";
import type { ServerMetrics, Usage } from "./exchange.ts";
import type { FailureReason } from "./failure.ts";

/** Characters of one event at most: the largest real ones carry the ids of a whole prompt. */
const LONGEST_EVENT = 32 * 2 ** 20;

/** A comment with the instant of the event that follows, as the twin sends. */
const TWIN_COMMENT = /^\s*twin (\d+(?:\.\d+)?(?:e[+-]?\d+)?)$/;

/** What a stream has said until now. */
export interface Answer {
  readonly chunks: ChunkTimes;
  readonly firstToken: number;
  readonly lastToken: number;
  readonly finishReason: string | null;
  readonly stopReason: string | number | null;
  readonly usage: Usage | null;
  readonly serverMetrics: ServerMetrics | null;
  readonly text: string;
  readonly words: number;
}

/** Why a stream is no good: the message is the server's or ours. */
export interface StreamFault {
  readonly reason: FailureReason;
  readonly message: string;
}

export interface AnswerReaderOptions {
  readonly chat: boolean;
  /**
   * Take instants from the comments `: twin SECONDS` before the events instead of from the socket: a
   * twin in scaled or virtual time says when each event happens, if it is asked to.
   */
  readonly twinInstants: boolean;
  readonly onFirstToken?: (instant: number) => void;
}

/**
 * Reads one event stream as it comes: events cut anywhere, several in a read, comments between them.
 * `feed` bytes with the instant at which they were read until `done` or `fault` is set.
 */
export class AnswerReader {
  /** `[DONE]` was seen. */
  done = false;
  fault: StreamFault | null = null;
  /** Instant of the latest event, `[DONE]` included; NaN before the first. */
  latest = NaN;

  readonly #options: AnswerReaderOptions;
  readonly #decoder = new TextDecoder();
  readonly #parser: EventSourceParser;
  readonly #recorder = new ChunkRecorder();
  #instant = NaN;
  #twinInstant = NaN;
  #firstToken = NaN;
  #lastToken = NaN;
  #finishReason: string | null = null;
  #stopReason: string | number | null = null;
  #usage: Usage | null = null;
  #serverMetrics: ServerMetrics | null = null;
  #text = "";

  constructor(options: AnswerReaderOptions) {
    this.#options = options;
    this.#parser = createParser({
      maxBufferSize: LONGEST_EVENT,
      onEvent: ({ data }) => this.#event(data),
      onComment: (comment) => {
        const match = TWIN_COMMENT.exec(comment);
        if (match !== null) this.#twinInstant = Number(match[1]);
      },
      onError: ({ type, message }) => {
        if (type === "max-buffer-size-exceeded") this.#fail("malformed", message);
      },
    });
  }

  /** @param instant seconds on the run's clock at which `bytes` were read */
  feed(bytes: Uint8Array, instant: number): void {
    this.#instant = instant;
    this.#read(this.#decoder.decode(bytes, { stream: true }));
  }

  /** The body is over: an event whose blank line is missing is not one. */
  end(): void {
    this.#read(this.#decoder.decode());
    if (!this.done) this.#fail("truncated", "the stream ended without [DONE]");
  }

  answer(): Answer {
    return {
      chunks: this.#recorder.finish(),
      firstToken: this.#firstToken,
      lastToken: this.#lastToken,
      finishReason: this.#finishReason,
      stopReason: this.#stopReason,
      usage: this.#usage,
      serverMetrics: this.#serverMetrics,
      text: this.#text,
      words: countWords(this.#text),
    };
  }

  #read(text: string): void {
    if (this.done || this.fault !== null || text === "") return;
    this.#parser.feed(text);
  }

  #fail(reason: FailureReason, message: string): void {
    this.fault ??= { reason, message };
  }

  #event(data: string): void {
    if (this.done || this.fault !== null) return;
    this.latest = this.#options.twinInstants && !Number.isNaN(this.#twinInstant)
      ? this.#twinInstant
      : this.#instant;
    if (data === "[DONE]") return this.#finish();
    let json: unknown;
    try {
      json = JSON.parse(data);
    } catch {
      return this.#fail("malformed", `an event that is no JSON: ${data}`);
    }
    if (typeof json === "object" && json !== null && "error" in json && json.error !== null) {
      const error = ErrorJson.safeParse(json);
      return this.#fail("stream-error", error.success ? messageOf(error.data) : data);
    }
    const event = StreamEvent.safeParse(json);
    if (!event.success) {
      return this.#fail("malformed", `an event that is no part of a completion: ${data}`);
    }
    this.#take(event.data);
  }

  #finish(): void {
    this.done = true;
    if (this.#finishReason === null) {
      this.#fail("truncated", "the stream ended without a finish reason");
    } else if (this.#finishReason === "abort") {
      this.#fail("aborted", "the server aborted the request");
    }
  }

  #take({ choices, usage, metrics }: StreamEvent): void {
    const choice = choices[0];
    const counted = usage === null || usage === undefined ? null : usage.completion_tokens;
    const before = this.#usage?.completionTokens ?? 0;
    if (usage !== null && usage !== undefined) {
      this.#usage = {
        promptTokens: usage.prompt_tokens,
        completionTokens: usage.completion_tokens,
        cachedTokens: usage.prompt_tokens_details?.cached_tokens ?? null,
      };
    }
    if (metrics !== null && metrics !== undefined) this.#serverMetrics = inSeconds(metrics);
    if (choice === undefined) {
      this.#recorder.add(this.latest, "usage", 0);
      return;
    }
    const text = this.#options.chat ? choice.delta?.content ?? "" : choice.text ?? "";
    const kind: ChunkKind = this.#options.chat && isRole(choice, counted) ? "role" : "content";
    const tokens = kind === "role"
      ? 0
      : choice.token_ids?.length ?? (counted === null ? null : Math.max(0, counted - before));
    this.#recorder.add(this.latest, kind, tokens);
    this.#text += text;
    if (choice.finish_reason !== null && choice.finish_reason !== undefined) {
      this.#finishReason = choice.finish_reason;
      this.#stopReason = choice.stop_reason ?? null;
    }
    if (kind !== "content" || tokens === 0) return;
    this.#lastToken = this.latest;
    if (Number.isNaN(this.#firstToken)) {
      this.#firstToken = this.latest;
      this.#options.onFirstToken?.(this.latest);
    }
  }
}

/** The chunk that opens a chat's answer: a role, no text, no token (vLLM reference §2.3). */
function isRole(choice: StreamEvent["choices"][number], counted: number | null): boolean {
  const { delta } = choice;
  return typeof delta?.role === "string" && (delta.content ?? "") === "" &&
    (choice.finish_reason ?? null) === null && (counted ?? 0) === 0;
}

function inSeconds(metrics: NonNullable<StreamEvent["metrics"]>): ServerMetrics {
  const seconds = (ms: number | null | undefined) => typeof ms === "number" ? ms / 1000 : null;
  return {
    timeToFirstToken: seconds(metrics.time_to_first_token_ms),
    queueTime: seconds(metrics.queue_time_ms),
    generationTime: seconds(metrics.generation_time_ms),
    meanInterTokenLatency: seconds(metrics.mean_itl_ms),
    tokensPerSecond: metrics.tokens_per_second ?? null,
  };
}
