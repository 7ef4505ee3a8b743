import { createParser, type EventSourceParser } from "eventsource-parser";
import { countWords } from "../../estimation/count-words.ts";
import { type ChunkKind, ChunkRecorder, type ChunkTimes } from "./chunk-times.ts";
import { type EventChoice, readEvent, type StreamEvent } from "./event-schema.ts";
import type { ClaimDoubt, ServerMetrics, Usage } from "./exchange.ts";
import type { FailureReason } from "./failure.ts";
import { errorInEvent, errorMessage } from "./server-words.ts";

/** Characters of one event at most: the largest real ones carry the ids of a whole prompt. */
const LONGEST_EVENT = 32 * 2 ** 20;

/** A comment with the instant of the event that follows, as the twin sends. */
const TWIN_COMMENT = /^\s*twin (\d+(?:\.\d+)?(?:e[+-]?\d+)?)$/;

/** Names and types of events that only keep a connection open. */
const KEEP_ALIVE = /^(ping|heartbeat|keep-?alive)$/i;

/** What a stream has said until now. */
export interface Answer {
  readonly chunks: ChunkTimes;
  readonly firstToken: number;
  readonly lastToken: number;
  readonly finishReason: string | null;
  readonly stopReason: string | number | null;
  readonly usage: Usage | null;
  readonly serverMetrics: ServerMetrics | null;
  readonly doubts: readonly ClaimDoubt[];
  readonly text: string;
  readonly words: number;
}

/** Why a stream is no good: the message is the server's or ours. */
export interface StreamFault {
  readonly reason: FailureReason;
  readonly message: string;
}

export interface AnswerReaderOptions {
  /**
   * Take instants from the comments `: twin SECONDS` before the events instead of from the socket: a
   * twin in scaled or virtual time says when each event happens, if it is asked to.
   */
  readonly twinInstants: boolean;
  /** Tokens of the answer that were asked for at most. @default not known */
  readonly maxTokens?: number;
  readonly onFirstToken?: (instant: number) => void;
}

/**
 * Reads one event stream as it comes: events cut anywhere, several in a read, comments between them.
 * `feed` bytes with the instant at which they were read until `done` or `fault` is set; `readWhole`
 * takes an answer that came as one JSON instead.
 *
 * The first token is the first event that carries anything, see `carriedBy`. Tokens are those that the
 * server counts: in each event (`continuous_usage_stats`, token ids) or at the end. A count that does
 * not go with the events, such as the zeros that Ollama writes into each, is not believed.
 */
export class AnswerReader {
  /** `[DONE]` was seen, or a stream with a finish reason has ended without it. */
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
  #ending = false;
  #firstToken = NaN;
  #lastToken = NaN;
  #finished = NaN;
  #finishReason: string | null = null;
  #stopReason: string | number | null = null;
  #usage: Usage = { promptTokens: null, completionTokens: null, cachedTokens: null };
  /** Tokens that the events until now are known to have brought. */
  #attributed = 0;
  /** Whether every event that carried anything said how many tokens there were until then. */
  #running = true;
  #serverMetrics: ServerMetrics | null = null;
  readonly #doubts = new Set<ClaimDoubt>();
  /** Bytes of the body until now: an answer has no more tokens than these, or was asked for. */
  #bytes = 0;
  #text = "";

  constructor(options: AnswerReaderOptions) {
    this.#options = options;
    this.#parser = createParser({
      maxBufferSize: LONGEST_EVENT,
      onEvent: ({ event, data }) => this.#event(data, event),
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
    this.#bytes += bytes.length;
    this.#read(this.#decoder.decode(bytes, { stream: true }));
  }

  /**
   * The body has ended as it should. An event whose blank line is missing is one if it is whole;
   * `[DONE]` may be missing where the server has said why the answer ended.
   */
  end(): void {
    this.#ending = true;
    this.#read(`${this.#decoder.decode()}\n\n`);
    if (this.done || this.fault !== null) return;
    if (this.#finishReason === null) this.#fail("truncated", "the stream ended without [DONE]");
    else this.#finish();
  }

  /**
   * Takes an answer that came as one JSON and not as a stream. When its first token was there is not
   * known, and its last one is taken to have come with the end.
   *
   * @param instant seconds on the run's clock at which the end was read
   * @returns false for what is no answer; then nothing has changed
   */
  readWhole(body: string, instant: number): boolean {
    let json: unknown;
    try {
      json = JSON.parse(body);
    } catch {
      return false;
    }
    this.#bytes = body.length;
    const error = errorInEvent(json);
    const event = this.#believed(readEvent(json));
    const choice = event?.choice ?? null;
    const isAnswer = choice !== null && (choice.carried.anything || event!.finishReason !== null);
    if (error === null && !isAnswer) return false;
    this.latest = instant;
    if (error !== null) this.#fail("stream-error", error);
    else {
      this.#note(event!);
      this.#text = choice!.carried.text;
      this.#lastToken = instant;
      this.#judge();
    }
    return true;
  }

  answer(): Answer {
    const { completionTokens } = this.#usage;
    // No prompt is empty: a count of 0 is one that nobody has made.
    const promptTokens = this.#usage.promptTokens || null;
    const tooMany = promptTokens !== null && (this.#usage.cachedTokens ?? 0) > promptTokens;
    if (tooMany) this.#doubts.add("cached-beyond-prompt");
    const cachedTokens = tooMany ? null : this.#usage.cachedTokens;
    const carried = !Number.isNaN(this.#firstToken);
    // A count of 0 beside an answer is one that nobody has made.
    const counted = carried && completionTokens === 0 ? null : completionTokens;
    const known = promptTokens !== null || counted !== null;
    return {
      chunks: this.#recorder.finish(counted === null || counted === this.#recorder.tokens),
      firstToken: this.#firstToken,
      lastToken: Number.isNaN(this.#lastToken) ? this.#finished : this.#lastToken,
      finishReason: this.#finishReason,
      stopReason: this.#stopReason,
      usage: known ? { promptTokens, completionTokens: counted, cachedTokens } : null,
      serverMetrics: this.#serverMetrics,
      doubts: [...this.#doubts],
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

  #event(data: string, type: string | undefined): void {
    if (this.done || this.fault !== null) return;
    if (type !== undefined && KEEP_ALIVE.test(type)) return;
    const content = data.trim();
    if (content === "" || content === "null") return;
    this.latest = this.#options.twinInstants && !Number.isNaN(this.#twinInstant)
      ? this.#twinInstant
      : this.#instant;
    if (content === "[DONE]") return this.#finish();
    let json: unknown;
    try {
      json = JSON.parse(content);
    } catch {
      if (this.#ending) {
        return this.#fail("truncated", "the stream ended within an event, without [DONE]");
      }
      if (type === "error") return this.#fail("stream-error", data);
      return this.#fail("malformed", `an event that is no JSON: ${data}`);
    }
    if (isKeepAlive(json)) return;
    const error = type === "error" ? errorMessage(json) ?? data : errorInEvent(json);
    if (error !== null) return this.#fail("stream-error", error);
    const event = this.#believed(readEvent(json));
    if (event === null) {
      return this.#fail("malformed", `an event that is no part of a completion: ${data}`);
    }
    this.#note(event);
    this.#take(event);
  }

  #finish(): void {
    if (this.#finishReason === null) {
      this.done = true;
      this.#fail("truncated", "the stream ended without a finish reason");
    } else this.#judge();
  }

  /** The answer is whole: was it the model's? */
  #judge(): void {
    this.done = true;
    if (this.#finishReason === "abort") this.#fail("aborted", "the server aborted the request");
    if (this.#finishReason === "error") this.#fail("stream-error", "the answer ended in an error");
  }

  /** An event without the counts that can't be. */
  #believed(event: StreamEvent | null): StreamEvent | null {
    if (event === null) return null;
    const { completionTokens } = event;
    const { maxTokens = Infinity } = this.#options;
    const tooMany = completionTokens !== null &&
      completionTokens > Math.max(maxTokens, this.#bytes);
    if (event.impossibleCount || tooMany) this.#doubts.add("impossible-count");
    if (event.severalChoices) this.#doubts.add("several-choices");
    if (completionTokens !== null && completionTokens < (this.#usage.completionTokens ?? 0)) {
      this.#doubts.add("shrinking-count");
    }
    return tooMany ? { ...event, completionTokens: null } : event;
  }

  /** What an event says of the answer as a whole: counts only grow, and null says nothing. */
  #note({ finishReason, promptTokens, completionTokens, cachedTokens, ...event }: StreamEvent) {
    const usage = this.#usage;
    this.#usage = {
      promptTokens: most(usage.promptTokens, promptTokens),
      completionTokens: most(usage.completionTokens, completionTokens),
      cachedTokens: cachedTokens ?? usage.cachedTokens,
    };
    if (event.metrics !== null) this.#serverMetrics = inSeconds(event.metrics);
    if (finishReason === null) return;
    this.#finishReason = finishReason;
    this.#stopReason = event.choice?.stopReason ?? null;
    this.#finished = this.latest;
  }

  /** Notes an event with its kind and its tokens. */
  #take(event: StreamEvent): void {
    const { choice, completionTokens, metrics } = event;
    if (choice === null) {
      const tells = completionTokens !== null || metrics !== null;
      if (tells) this.#recorder.add(this.latest, "usage", 0);
      return;
    }
    const { tokenIds } = choice;
    const rose = this.#running && completionTokens !== null && completionTokens > this.#attributed;
    const carries = !this.#repeats(event) && carriesToken(choice, rose);
    // Once tokens come, one may have no text: half a character, the end of the sequence.
    const brings = carries || (rose && !Number.isNaN(this.#firstToken));
    const kind: ChunkKind = brings ? "content" : choice.hasRole ? "role" : "empty";
    // Tokens that are counted before anything is carried belong to the first event that carries.
    const tokens = brings ? tokenIds ?? this.#since(completionTokens) : 0;
    if (tokens === null) this.#running = false;
    else this.#attributed += tokens;
    this.#recorder.add(this.latest, kind, tokens);
    if (!brings) return;
    this.#text += choice.carried.text;
    this.#lastToken = this.latest;
    if (!Number.isNaN(this.#firstToken)) return;
    this.#firstToken = this.latest;
    this.#options.onFirstToken?.(this.latest);
  }

  /** Whether the last event says the whole message once more. */
  #repeats({ choice, finishReason }: StreamEvent): boolean {
    if (!choice!.isWhole || finishReason === null || this.#text === "") return false;
    return choice!.carried.text === this.#text;
  }

  /** Tokens that came since the event before by the server's running count; null: it has none. */
  #since(completionTokens: number | null): number | null {
    if (completionTokens === null || completionTokens === 0 || !this.#running) return null;
    return Math.max(0, completionTokens - this.#attributed);
  }
}

/**
 * Whether an event brings a token.
 *
 * @param rose whether the server's running count has risen: a completion's token may have no text
 */
function carriesToken({ carried, isText, tokenIds }: EventChoice, rose: boolean): boolean {
  return carried.anything || (tokenIds ?? 0) > 0 || (isText && rose);
}

/** The larger of two counts; null where neither is known. */
function most(a: number | null, b: number | null): number | null {
  if (a === null || b === null) return a ?? b;
  return Math.max(a, b);
}

function isKeepAlive(json: unknown): boolean {
  if (json === null) return true;
  const { type } = json as { type?: unknown };
  return typeof type === "string" && KEEP_ALIVE.test(type);
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
