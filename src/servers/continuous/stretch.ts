import { InputError } from "../../errors/input-error.ts";
import { MixedPrice } from "../costs/mixed-step.ts";
import type { StepCost } from "../costs/step-cost.ts";
import type { PlannedStep } from "./planned-step.ts";

/** More repetitions than a step ever has. */
const UNLIMITED = 0x3fffffff;

/**
 * When the repetitions of a planned step begin and end under a {@link StepCost}. They differ by the
 * context alone, which grows by one token a sequence: so their sum is closed, quadratic in their
 * number. Instants are fields, not arguments: a number that crosses a call may cost an allocation.
 */
export class Stretch {
  /** When the host began to plan it, seconds since the run's start. */
  planned = 0;
  /** Seconds from then until it is launched, where that counts; set by {@link price}. */
  hostSeconds = 0;
  /** When its first repetition begins: as soon as it is planned and the device is free. */
  start = 0;
  /** An instant ahead, which {@link firstToReach} looks for. */
  limit = Infinity;
  /** Repetitions up to which the price holds; set by {@link price}. */
  most = UNLIMITED;
  /** When its last repetition begins and ends; set by {@link run}. */
  lastStart = 0;
  end = 0;

  readonly #base: Float64Array;
  readonly #perContextToken: Float64Array;
  readonly #perPrefillToken: number;
  readonly #perPrefillSequence: number;
  readonly #perPrefillPair: number;
  readonly #floor: Float64Array | null;
  readonly #mixed: MixedPrice | null;
  // Seconds of n repetitions: n·linear + n²·quadratic + prefill.
  #linear = 0;
  #quadratic = 0;
  #prefill = 0;

  /** @param maxSequences sequences in a step at most; the model must know as many */
  constructor(cost: StepCost, maxSequences: number) {
    for (const field of ["base", "perContextToken", "floor"] as const) {
      const length = cost[field]?.length ?? Infinity;
      if (length <= maxSequences) {
        throw new InputError({
          file: `step cost ${cost.name}`,
          field,
          value: `${length - 1} sequences`,
          expected: `costs for batches of up to max_num_seqs (${maxSequences}) sequences`,
        });
      }
    }
    this.#base = cost.base;
    this.#perContextToken = cost.perContextToken;
    this.#perPrefillToken = cost.perPrefillToken;
    this.#perPrefillSequence = cost.perPrefillSequence ?? 0;
    this.#perPrefillPair = cost.perPrefillPair ?? 0;
    this.#floor = cost.floor ?? null;
    this.#mixed = cost.mixed === undefined ? null : new MixedPrice(cost.mixed);
  }

  /** Takes on the costs of `step`, which is {@link planned} and may {@link start}. */
  price(step: PlannedStep): void {
    this.hostSeconds = 0;
    this.most = UNLIMITED;
    if (step.prefilling > 0 && this.#mixed !== null) {
      this.#priceMixed(step, this.#mixed);
      return;
    }
    const { decoding } = step;
    const perToken = this.#perContextToken[decoding];
    this.#quadratic = perToken * decoding / 2;
    this.#linear = this.#base[decoding] + perToken * step.context - this.#quadratic;
    this.#prefill = step.prefilling === 0 ? 0 : this.#perPrefillToken * step.prefillTokens +
      this.#perPrefillSequence * step.prefilling + this.#perPrefillPair * step.prefillPairs;
    const floor = this.#floor;
    if (floor !== null && step.prefilling === 0) this.#keepAbove(floor[decoding]);
  }

  /** Gives every repetition `floor` seconds where the first takes less, up to the first that does not. */
  #keepAbove(floor: number): void {
    const first = this.#linear + this.#quadratic, more = 2 * this.#quadratic;
    if (!(first < floor)) return;
    const repeats = Math.ceil((floor - first) / more);
    this.most = repeats < UNLIMITED ? repeats : UNLIMITED;
    this.#linear = floor;
    this.#quadratic = 0;
  }

  /** Sets its end by what is later: the GPU, or the host that launches it. */
  #priceMixed(step: PlannedStep, mixed: MixedPrice): void {
    const { cost } = mixed;
    mixed.price(step);
    const ahead = this.planned - this.start;
    this.hostSeconds = cost.hostSeconds;
    const waiting = ahead + cost.prepareSeconds + cost.preparePerSequence * step.sequences;
    const computing = (waiting > 0 ? waiting : 0) + mixed.gpuSeconds;
    const launching = ahead + cost.hostSeconds + cost.tailSeconds;
    this.#linear = this.#quadratic = 0;
    this.#prefill = computing > launching ? computing : launching;
  }

  /** Seconds of its first repetition, and how many more each takes than the one before. */
  get firstSeconds(): number {
    return this.#linear + this.#quadratic + this.#prefill;
  }
  get secondsMore(): number {
    return 2 * this.#quadratic;
  }

  /** When repetition `n`, from 1, ends. With prefill in the step there is but one. */
  endOf(n: number): number {
    return this.start + (n * (this.#linear + n * this.#quadratic) + this.#prefill);
  }

  // The next two spell `endOf` out: a call that is not inlined would allocate what it returns.

  /** Decides on `n` repetitions. */
  run(n: number): void {
    const start = this.start, prefill = this.#prefill;
    const linear = this.#linear, quadratic = this.#quadratic;
    this.lastStart = n === 1 ? start : start + ((n - 1) * (linear + (n - 1) * quadratic) + prefill);
    this.end = start + (n * (linear + n * quadratic) + prefill);
  }

  /** Number of the first repetition, from 1, that ends at the limit or later, if not `most`. */
  firstToReach(most: number): number {
    const start = this.start, end = this.limit, prefill = this.#prefill;
    const linear = this.#linear, quadratic = this.#quadratic;
    const wanted = end - start;
    // The root of quadratic·n² + linear·n = wanted. Where the square hardly counts, without it;
    // else in the form that doesn't cancel.
    let root = wanted / linear;
    if (!(quadratic * root * root < linear)) {
      root = 2 * wanted / (linear + Math.sqrt(linear * linear + 4 * quadratic * wanted));
    }
    // It may lie a step or so off: the ends themselves decide.
    let n = root >= most ? most : root > 1 ? (root | 0) + 1 : 1;
    while (n > 1 && start + ((n - 1) * (linear + (n - 1) * quadratic) + prefill) >= end) n--;
    while (n < most && start + (n * (linear + n * quadratic) + prefill) < end) n++;
    return n;
  }
}
