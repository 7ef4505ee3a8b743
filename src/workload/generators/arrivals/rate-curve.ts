/** A stretch of time in which the rate is a straight line. */
interface Segment {
  readonly start: number;
  readonly seconds: number;
  /** Requests a second at its start. */
  readonly rate: number;
  /** Change of the rate per second. */
  readonly slope: number;
  /** Requests expected from the curve's start to this segment's. */
  readonly before: number;
  readonly area: number;
}

/** A rate at an instant. */
export interface RateKnot {
  /** Seconds since the start, increasing. */
  readonly seconds: number;
  /** Requests a second, at least 0. */
  readonly rate: number;
}

/** How a curve runs between its knots and after the last. */
export interface RateCurveOptions {
  /** `step`: a rate stays until the next knot. `linear`: it goes to the next in a straight line. */
  readonly interpolation: "step" | "linear";
  /** `hold`: the last rate stays; `end`: nothing arrives any more; `repeat`: it begins anew. */
  readonly after: "hold" | "end" | "repeat";
}

/**
 * A rate that changes in time, piecewise linear, and the inverse of its integral: the instant at
 * which a given number of requests is expected. Unit-rate arrivals taken through that inverse are
 * arrivals at the curve's rate (time change), exactly, without a draw thrown away.
 */
export class RateCurve {
  readonly #segments: readonly Segment[];
  readonly #area: number;
  readonly #seconds: number;
  readonly #options: RateCurveOptions;
  readonly #lastRate: number;
  /** Where the last answer was: instants are asked for in order. */
  #segment = 0;
  #rounds = 0;

  /** @param knots at least one; the first rate holds from 0 to the first knot */
  constructor(knots: readonly RateKnot[], options: RateCurveOptions) {
    const segments: Segment[] = [];
    let before = 0;
    const add = (from: RateKnot, to: RateKnot) => {
      const seconds = to.seconds - from.seconds;
      if (seconds <= 0) return;
      const slope = options.interpolation === "step" ? 0 : (to.rate - from.rate) / seconds;
      const area = (from.rate + slope * seconds / 2) * seconds;
      segments.push({ start: from.seconds, seconds, rate: from.rate, slope, before, area });
      before += area;
    };
    add({ seconds: 0, rate: knots[0].rate }, knots[0]);
    for (let i = 1; i < knots.length; i++) add(knots[i - 1], knots[i]);
    this.#segments = segments;
    this.#area = before;
    this.#seconds = knots[knots.length - 1].seconds;
    this.#lastRate = knots[knots.length - 1].rate;
    this.#options = options;
  }

  /** Segment of the instant last asked for, from 0 on; the number of segments after the last. */
  get segment(): number {
    return this.#segment;
  }

  /**
   * Instant at which `expected` requests are expected, Infinity where that never is. To be asked
   * for numbers that do not fall.
   */
  inverse(expected: number): number {
    const segments = this.#segments;
    for (;;) {
      const left = expected - this.#rounds * this.#area;
      while (
        this.#segment < segments.length &&
        left > segments[this.#segment].before + segments[this.#segment].area
      ) this.#segment++;
      const offset = this.#rounds * this.#seconds;
      if (this.#segment < segments.length) {
        const { start, seconds, rate, slope, before } = segments[this.#segment];
        const wanted = Math.max(0, left - before);
        // The root of rate·x + slope·x²/2 = wanted, in the form that does not cancel.
        const root = Math.sqrt(Math.max(0, rate * rate + 2 * slope * wanted));
        return offset + start + (wanted === 0 ? 0 : Math.min(seconds, 2 * wanted / (rate + root)));
      }
      if (this.#options.after === "hold") {
        return this.#lastRate > 0 ? this.#seconds + (left - this.#area) / this.#lastRate : Infinity;
      }
      if (this.#options.after === "end" || this.#area === 0) return Infinity;
      this.#rounds = Math.max(this.#rounds + 1, Math.ceil(expected / this.#area) - 1);
      this.#segment = 0;
    }
  }
}
