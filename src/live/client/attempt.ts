import type { IncomingHttpHeaders } from "node:http";
import { AnswerReader } from "./answer-reader.ts";
import type { Clock } from "./clock.ts";
import type { CompletionRequest } from "./completion-request.ts";
import type { CompleteOptions, Exchange } from "./exchange.ts";
import type { FailureReason, Outcome } from "./failure.ts";
import type { HttpListener } from "./http-call.ts";
import { type BodyKind, bodyKindOf, isCalledStream } from "./body-kind.ts";
import { decodeParts, refusalOf } from "./refusal.ts";

/** Bytes kept of a body that is no answer. */
const LONGEST_REFUSAL = 64 * 1024;

/**
 * Bytes of a stream at most: its largest events carry the ids of a whole prompt, those of tokens have
 * some hundred, or some thousand with log probabilities.
 */
const LONGEST_STREAM = 32 * 2 ** 20;
const LONGEST_TOKEN = 16 * 2 ** 10;

/** What an attempt is told by its client. */
export interface AttemptContext {
  readonly server: string;
  readonly clock: Clock;
  readonly twinInstants: boolean;
  readonly keepText: boolean;
  readonly onAccepted: CompleteOptions["onAccepted"];
  readonly onRead: CompleteOptions["onRead"];
  readonly onFirstToken: CompleteOptions["onFirstToken"];
  /** A message as it may be shown: without the key, on one line. */
  readonly clean: (message: string) => string;
  /** Bytes of the stream came. */
  readonly onHeard: () => void;
  /** Called once, when the attempt is over. */
  readonly onEnd: (exchange: Exchange) => void;
}

/**
 * One attempt at a request, from the moment of sending: listens to the call and sums it up. The answer
 * is a stream of events, or one JSON from a server that does not stream.
 */
export class Attempt implements HttpListener {
  readonly #request: CompletionRequest;
  readonly #context: AttemptContext;
  readonly #reader: AnswerReader;
  readonly #sent: number;
  #status: number | null = null;
  #headers: IncomingHttpHeaders = {};
  #headersAt = NaN;
  /** What the body is; undecided until enough of it has come. */
  #kind: BodyKind = "undecided";
  /** Parts of a body that is not read as it comes. */
  #parts: Uint8Array[] = [];
  #lastRead = NaN;
  #bytes = 0;
  #over = false;

  constructor(request: CompletionRequest, context: AttemptContext) {
    this.#request = request;
    this.#context = context;
    this.#sent = context.clock.now();
    this.#reader = new AnswerReader({
      twinInstants: context.twinInstants,
      maxTokens: request.maxTokens,
      onFirstToken: context.onFirstToken,
    });
  }

  onHeaders(status: number, headers: IncomingHttpHeaders): void {
    this.#headersAt = this.#context.clock.now();
    this.#status = status;
    this.#headers = headers;
    this.#kind = bodyKindOf({ status, headers, body: "" });
    this.#context.onAccepted?.();
  }

  onBytes(bytes: Uint8Array): void {
    if (this.#over) return;
    const instant = this.#context.clock.now();
    this.#lastRead = instant;
    this.#bytes += bytes.length;
    const most = LONGEST_STREAM + LONGEST_TOKEN * this.#request.maxTokens;
    const read = this.#decide(bytes);
    if (this.#kind === "refusal") {
      if (this.#bytes <= LONGEST_REFUSAL) this.#parts.push(bytes);
      return;
    }
    if (this.#bytes > most) return this.#fail("malformed", `a stream of more than ${most} bytes`);
    this.#context.onHeard();
    if (this.#kind !== "stream") {
      this.#parts.push(bytes);
      return;
    }
    for (const part of read) this.#reader.feed(part, instant);
    this.#judge();
    this.#context.onRead?.(instant);
  }

  onEnd(): void {
    const body = decodeParts(this.#parts);
    if (this.#kind === "whole" && this.#reader.readWhole(body, this.#lastRead)) {
      return this.#judge();
    }
    if (this.#kind !== "stream" && !(body === "" && isCalledStream(this.#headers))) {
      const { reason, message, retryAfterSeconds } = refusalOf({
        status: this.#status!,
        headers: this.#headers,
        body,
      });
      return this.#fail(reason, message, retryAfterSeconds);
    }
    this.#reader.end();
    this.#judge();
  }

  onFailure(reason: FailureReason, message: string): void {
    this.#fail(reason, message);
  }

  /** Decides what the body is, if that is open; returns what is to be read of a stream. */
  #decide(bytes: Uint8Array): readonly Uint8Array[] {
    if (this.#kind !== "undecided") return [bytes];
    const held = [...this.#parts, bytes];
    const [status, headers] = [this.#status!, this.#headers];
    this.#kind = bodyKindOf({ status, headers, body: decodeParts(held) });
    if (this.#kind === "undecided" && this.#bytes > LONGEST_REFUSAL) {
      this.#kind = isCalledStream(headers) ? "stream" : "refusal";
    }
    if (this.#kind === "stream") this.#parts = [];
    return held;
  }

  #judge(): void {
    const { fault, done } = this.#reader;
    if (fault !== null) this.#fail(fault.reason, fault.message);
    else if (done) this.#finish({ kind: "completed" });
  }

  #fail(reason: FailureReason, message: string, retryAfterSeconds?: number): void {
    this.#finish({
      kind: "failed",
      reason,
      message: this.#context.clean(message),
      ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
    });
  }

  #finish(outcome: Outcome): void {
    if (this.#over) return;
    this.#over = true;
    const { server, clock, twinInstants, keepText } = this.#context;
    const { text, ...answer } = this.#reader.answer();
    const { latest } = this.#reader;
    this.#context.onEnd({
      requestId: this.#request.id,
      server,
      outcome,
      status: this.#status,
      sent: this.#sent,
      headers: this.#headersAt,
      ended: twinInstants && !Number.isNaN(latest) ? latest : clock.now(),
      ...answer,
      text: keepText ? text : null,
      bytes: this.#bytes,
    });
  }
}
