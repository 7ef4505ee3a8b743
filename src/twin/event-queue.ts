/** Events at instants of the twin's clock, in order; those of one instant in the order of adding. */
export class EventQueue {
  readonly #entries: { readonly at: number; readonly run: (at: number) => void }[] = [];

  /** When the next is due; Infinity: nothing is. */
  get due(): number {
    return this.#entries.length > 0 ? this.#entries[0].at : Infinity;
  }

  add(at: number, run: (at: number) => void): void {
    const after = this.#entries.findIndex((entry) => entry.at > at);
    this.#entries.splice(after < 0 ? this.#entries.length : after, 0, { at, run });
  }

  /** Does everything that is due by `now`, and what that adds. True when there was any. */
  runUntil(now: number): boolean {
    let any = false;
    while (this.due <= now) {
      const { at, run } = this.#entries.shift()!;
      run(at);
      any = true;
    }
    return any;
  }

  clear(): void {
    this.#entries.length = 0;
  }
}
