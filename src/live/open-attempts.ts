import type { CompletionRequest } from "./client/completion-request.ts";
import type { CompletionClient, Exchange } from "./client/exchange.ts";

/** An attempt that is over. */
export interface EndedAttempt {
  readonly request: number;
  readonly attempt: number;
  readonly exchange: Exchange;
}

interface OpenAttempt {
  readonly request: number;
  readonly attempt: number;
  readonly abort: AbortController;
}

/** Attempts under way over HTTP, and the news of them in the order in which they came. */
export class OpenAttempts {
  /** By the id that the server knows the attempt by. */
  readonly #open = new Map<string, OpenAttempt>();
  #ended: EndedAttempt[] = [];
  #error: { readonly thrown: unknown } | null = null;
  #wake: () => void = () => {};
  #onRead: ((instant: number) => void) | undefined;

  get size(): number {
    return this.#open.size;
  }

  /** Whether the attempt of this id is under way. */
  has(id: string): boolean {
    return this.#open.has(id);
  }

  /**
   * Sends an attempt.
   * @returns resolves when the server has taken it in, or it is over
   */
  send(
    client: CompletionClient,
    call: CompletionRequest,
    { request, attempt }: { readonly request: number; readonly attempt: number },
  ): Promise<void> {
    const abort = new AbortController();
    this.#open.set(call.id, { request, attempt, abort });
    return new Promise((resolve) => {
      client.complete(call, {
        signal: abort.signal,
        onAccepted: () => resolve(),
        onRead: this.#onRead,
      }).then(
        (exchange) => {
          this.#ended.push({ request, attempt, exchange });
        },
        (thrown: unknown) => {
          this.#error ??= { thrown };
        },
      ).finally(() => {
        this.#open.delete(call.id);
        resolve();
        this.#wake();
      });
    });
  }

  abort(request: number, attempt: number): void {
    for (const open of this.#open.values()) {
      if (open.request === request && open.attempt === attempt) open.abort.abort();
    }
  }

  abortAll(): void {
    for (const { abort } of this.#open.values()) abort.abort();
  }

  /** Attempts that have ended since the last call. Throws what a client has thrown: a bug. */
  take(): EndedAttempt[] {
    if (this.#error !== null) throw this.#error.thrown;
    const ended = this.#ended;
    this.#ended = [];
    return ended;
  }

  /** Whether {@link take} has something. */
  get news(): boolean {
    return this.#ended.length > 0 || this.#error !== null;
  }

  /** Calls `wake` whenever there is news. */
  onNews(wake: () => void): void {
    this.#wake = wake;
  }

  /** Calls `look` after each read of an answer, with its instant. */
  onRead(look: (instant: number) => void): void {
    this.#onRead = look;
  }
}
