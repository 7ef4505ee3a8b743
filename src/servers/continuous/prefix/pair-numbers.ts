/** Above any number that a {@link PairNumbers} is given: a pair of them stays exact in a double. */
const LIMIT = 2 ** 26;

/** Numbers pairs of numbers, from 0, in the order of being seen. Both numbers lie below 2²⁶. */
export class PairNumbers {
  readonly #numbers = new Map<number, number>();

  get size(): number {
    return this.#numbers.size;
  }

  of(a: number, b: number): number {
    if (a >= LIMIT || b >= LIMIT) {
      throw new RangeError(`a pair of numbers below ${LIMIT}: ${a}, ${b}`);
    }
    const key = a * LIMIT + b;
    let number = this.#numbers.get(key);
    if (number === undefined) this.#numbers.set(key, number = this.#numbers.size);
    return number;
  }
}
