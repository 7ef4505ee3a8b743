/** Values that come when they come, for one reader, in order. */
export class Channel<T> implements AsyncIterable<T> {
  readonly #values: T[] = [];
  #failure: { readonly error: unknown } | null = null;
  #closed = false;
  #wake: (() => void) | null = null;

  push(value: T): void {
    if (this.#closed) return;
    this.#values.push(value);
    this.#wake?.();
  }

  /** Ends the values: what is in the channel is still read. */
  close(): void {
    this.#closed = true;
    this.#wake?.();
  }

  /** Ends the values with an error, which the reader meets after those that are in the channel. */
  fail(error: unknown): void {
    if (this.#closed) return;
    this.#failure = { error };
    this.close();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<T> {
    while (true) {
      if (this.#values.length > 0) yield this.#values.shift()!;
      else if (this.#failure !== null) throw this.#failure.error;
      else if (this.#closed) return;
      else {
        await new Promise<void>((resolve) => this.#wake = resolve);
        this.#wake = null;
      }
    }
  }
}
