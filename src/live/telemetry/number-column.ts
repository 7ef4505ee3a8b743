import { widened } from "../../collections/widened.ts";

/** A column of numbers that grows, and can be read while it does. */
export class NumberColumn {
  #values = new Float64Array(64);
  #size = 0;

  get size(): number {
    return this.#size;
  }

  push(value: number): void {
    if (this.#size === this.#values.length) this.#values = widened(this.#values, 2 * this.#size);
    this.#values[this.#size++] = value;
  }

  /** A copy. Shape (size). */
  toArray(): Float64Array {
    return this.#values.slice(0, this.#size);
  }
}
