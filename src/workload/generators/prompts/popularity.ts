import { pow } from "../../../math/pow.ts";
import type { Random } from "../../../random/substream.ts";

/** Zipf's law on the places 0 … n − 1: place k has weight (k + 1)^−exponent. */
export class Popularity {
  /** Shape (n): sum of the weights up to each place. */
  readonly #cumulative: Float64Array;

  constructor(n: number, exponent: number) {
    this.#cumulative = new Float64Array(n);
    let total = 0;
    for (let k = 0; k < n; k++) this.#cumulative[k] = total += pow(k + 1, -exponent);
  }

  /**
   * `count` different places, at most n, in the order in which they are drawn: each with weights as
   * they are among the places that are left. One uniform number each.
   */
  draw(random: Random, count: number): number[] {
    const drawn: number[] = [];
    /** The same, ascending. */
    const taken: number[] = [];
    while (drawn.length < count) {
      const gone = taken.reduce((sum, place) => sum + this.#weight(place), 0);
      let wanted = random.next() * (this.#cumulative.at(-1)! - gone);
      // Steps over the stretches of the places that are gone.
      for (const place of taken) {
        if (wanted >= this.#cumulative[place] - this.#weight(place)) wanted += this.#weight(place);
      }
      const place = this.#free(this.#at(wanted), taken);
      drawn.push(place);
      taken.push(place);
      taken.sort((a, b) => a - b);
    }
    return drawn;
  }

  #weight(place: number): number {
    return this.#cumulative[place] - (place === 0 ? 0 : this.#cumulative[place - 1]);
  }

  /** The first place whose sum is above `wanted`; the last where rounding leaves none. */
  #at(wanted: number): number {
    let low = 0;
    let high = this.#cumulative.length - 1;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#cumulative[middle] > wanted) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  /** The place, or where rounding led to one that is gone the next that is not. */
  #free(place: number, taken: readonly number[]): number {
    while (taken.includes(place)) place = (place + 1) % this.#cumulative.length;
    return place;
  }
}
