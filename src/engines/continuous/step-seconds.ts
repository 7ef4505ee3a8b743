import { InputError } from "../../errors/input-error.ts";
import type { StepCost } from "../step-cost/step-cost.ts";
import type { PlannedStep } from "./planned-step.ts";

/**
 * Seconds of planned steps under a {@link StepCost}. Repetitions of a step differ by the context
 * alone, which grows by one token a sequence: their sum is closed, quadratic in their number.
 */
export class StepSeconds {
  readonly #base: Float64Array;
  readonly #perContextToken: Float64Array;
  readonly #perPrefillToken: number;
  readonly #perPrefillSequence: number;
  readonly #perPrefillPair: number;

  /** @param maxSequences sequences in a step at most; the model must know as many */
  constructor(cost: StepCost, maxSequences: number) {
    for (const field of ["base", "perContextToken"] as const) {
      if (cost[field].length <= maxSequences) {
        throw new InputError({
          file: `step cost ${cost.name}`,
          field,
          value: `${cost[field].length - 1} sequences`,
          expected: `costs for batches of up to max_num_seqs (${maxSequences}) sequences`,
        });
      }
    }
    this.#base = cost.base;
    this.#perContextToken = cost.perContextToken;
    this.#perPrefillToken = cost.perPrefillToken;
    this.#perPrefillSequence = cost.perPrefillSequence ?? 0;
    this.#perPrefillPair = cost.perPrefillPair ?? 0;
  }

  /** Seconds of `n` repetitions of `step`. With prefill in it, n is 1. */
  of(step: PlannedStep, n: number): number {
    const { decoding } = step;
    const perToken = this.#perContextToken[decoding];
    const seconds = n * (this.#base[decoding] + perToken * step.context) +
      perToken * decoding * (n * (n - 1) / 2);
    if (step.prefilling === 0) return seconds;
    return seconds + this.#perPrefillToken * step.prefillTokens +
      this.#perPrefillSequence * step.prefilling + this.#perPrefillPair * step.prefillPairs;
  }

  /**
   * Smallest n ≥ 1 for which `n` repetitions of `step` begun at `start` last until `end` or longer;
   * `most` where none below it does.
   */
  repeatsUntil(step: PlannedStep, start: number, end: number, most: number): number {
    const { decoding } = step;
    const quadratic = this.#perContextToken[decoding] * decoding / 2;
    const linear = this.#base[decoding] + this.#perContextToken[decoding] * step.context -
      quadratic;
    const wanted = end - start;
    // The root of quadratic·n² + linear·n = wanted, in the form that doesn't cancel.
    const root = 2 * wanted / (linear + Math.sqrt(linear * linear + 4 * quadratic * wanted));
    // Rounding may put the root on the wrong side of a whole number: the times themselves decide.
    let n = Math.min(most, Math.max(1, Math.ceil(root) || 1));
    while (n > 1 && start + this.of(step, n - 1) >= end) n--;
    while (n < most && start + this.of(step, n) < end) n++;
    return n;
  }
}
