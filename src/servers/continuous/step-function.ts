/** A value that changes at instants and holds in between; before the first it is 0. */
export class StepFunction {
  /** Changes recorded. */
  size = 0;
  #at = new Float64Array(64);
  #value = new Float64Array(64);

  /** Shape ({@link size}), seconds since the run's start, ascending. */
  get at(): Float64Array {
    return this.#at.subarray(0, this.size);
  }

  /** Shape ({@link size}): the value from that instant on. */
  get value(): Float64Array {
    return this.#value.subarray(0, this.size);
  }

  /** Sets the value from `at` on; instants must not go back. No change leaves no trace. */
  set(at: number, value: number): void {
    // What was set before at the same instant held for no time at all.
    if (this.size > 0 && this.#at[this.size - 1] === at) this.size--;
    if (value === (this.size > 0 ? this.#value[this.size - 1] : 0)) return;
    if (this.size === this.#at.length) this.#grow();
    this.#at[this.size] = at;
    this.#value[this.size++] = value;
  }

  #grow(): void {
    const wider = (from: Float64Array) => {
      const into = new Float64Array(from.length * 2);
      into.set(from);
      return into;
    };
    this.#at = wider(this.#at);
    this.#value = wider(this.#value);
  }
}
