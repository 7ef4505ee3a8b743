/**
 * Holds reports back until every earlier admission has reported or been given up, so that learning
 * follows the order of arrival and not that of completion.
 */
export class ArrivalOrder {
  readonly #admitted: number[] = [];
  readonly #reported: Uint8Array;
  #head = 0;

  constructor(size: number) {
    this.#reported = new Uint8Array(size);
  }

  admit(request: number): void {
    this.#admitted.push(request);
  }

  /** Marks `request` as reported, or given up, and calls `release` for each one now in turn. */
  report(request: number, release: (request: number) => void): void {
    this.#reported[request] = 1;
    while (this.#head < this.#admitted.length && this.#reported[this.#admitted[this.#head]] === 1) {
      release(this.#admitted[this.#head++]);
    }
  }
}
