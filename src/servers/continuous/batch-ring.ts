/**
 * The batches in flight, oldest first. There are two at most: asynchronous scheduling plans one step
 * ahead. Their objects are filled again and again.
 */
export class BatchRing<Batch> {
  /** Batches in flight. */
  size = 0;
  readonly #batches: readonly [Batch, Batch];
  #oldest = 0;

  /** @param make makes an empty batch */
  constructor(make: () => Batch) {
    this.#batches = [make(), make()];
  }

  /** The `i`-th oldest in flight. */
  at(i: number): Batch {
    return this.#batches[(this.#oldest + i) & 1];
  }

  /** Puts one more in flight, to be filled by the caller: it holds what it held before. */
  push(): Batch {
    return this.#batches[(this.#oldest + this.size++) & 1];
  }

  /** Takes the oldest out; there must be one. It stays as it is until two more are put in flight. */
  shift(): Batch {
    const batch = this.#batches[this.#oldest];
    this.#oldest ^= 1;
    this.size--;
    return batch;
  }
}
