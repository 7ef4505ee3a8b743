const STEP = 1e-4;
const STEPS = 20_000;

/** How late something was, over all times that it happened. Seconds. */
export interface LatenessSummary {
  readonly count: number;
  readonly mean: number;
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

/** Counts lateness in steps of 0.1 ms, so that quantiles need no list of all. */
export class Lateness {
  /** The last counts lateness of 2 s and more. */
  readonly #counts = new Float64Array(STEPS + 1);
  #count = 0;
  #sum = 0;
  #max = 0;

  /** @param seconds late, 0 for early */
  add(seconds: number): void {
    const late = Math.max(0, seconds);
    this.#counts[Math.min(STEPS, Math.floor(late / STEP))]++;
    this.#count++;
    this.#sum += late;
    if (late > this.#max) this.#max = late;
  }

  summary(): LatenessSummary {
    const mean = this.#count === 0 ? 0 : this.#sum / this.#count;
    return {
      count: this.#count,
      mean,
      p50: this.#quantile(0.5),
      p99: this.#quantile(0.99),
      max: this.#max,
    };
  }

  /** Upper end of the step in which the quantile lies, at most the maximum. */
  #quantile(q: number): number {
    let left = q * this.#count;
    for (let step = 0; step < STEPS; step++) {
      left -= this.#counts[step];
      if (left <= 0) return Math.min((step + 1) * STEP, this.#max);
    }
    return this.#max;
  }
}
